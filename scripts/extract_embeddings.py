"""manifest.csv -> embeddings.h5: a speech model's hidden states, and everything left out."""

from pathlib import Path

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.settings.features import SpeechModelSettings
from sernas.settings.slices import from_slice
from sernas.training.gpus import leased_gpu

with job(snakemake.log[0]), leased_gpu(snakemake.config["device"]):
    import pandas as pd

    from sernas.features.embeddings import extract_embeddings
    from sernas.training.devices import prepare

    manifest, before = (
        pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in (snakemake.input.manifest, snakemake.input.excluded)
    )
    excluded = extract_embeddings(
        manifest,
        Path(snakemake.params.root),
        Path(snakemake.output.embeddings),
        from_slice(SpeechModelSettings, snakemake.params.settings),
        snakemake.params.on_bad_audio,
        prepare(snakemake.config["device"], snakemake.config["jobs"]["threads"]),
        Path(snakemake.params.resume),
        code=snakemake.params.code,
        threads=snakemake.threads,
    )
    write_csv(pd.concat([before, excluded]), snakemake.output.excluded)
