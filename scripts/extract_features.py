"""manifest.csv -> features.h5, and everything that was left out on the way."""

from pathlib import Path

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.settings.features import FeatureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0]):
    import pandas as pd

    from sernas.features.extract import extract

    manifest, before = (
        pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in (snakemake.input.manifest, snakemake.input.excluded)
    )
    excluded = extract(
        manifest,
        Path(snakemake.params.root),
        Path(snakemake.output.features),
        from_slice(FeatureSettings, snakemake.params.settings),
        snakemake.params.on_bad_audio,
        threads=snakemake.threads,
    )
    write_csv(pd.concat([before, excluded]), snakemake.output.excluded)
