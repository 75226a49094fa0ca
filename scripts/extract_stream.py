"""manifest.csv -> the store of one stream of frames, and everything left out."""

from dataclasses import replace
from pathlib import Path

from sernas.base.jobs import job
from sernas.features.stream import STREAMS
from sernas.settings.corpus import CorpusSettings
from sernas.settings.slices import from_slice
from sernas.training.gpus import leased_gpu

params, config = snakemake.params, snakemake.config
stream = STREAMS[params.stream]
device = config["device"] if stream.on_device else "cpu"
gpu = leased_gpu(device, config["jobs"]["per_gpu"], snakemake.resources.gpu_mb)
with job(snakemake.log[0], config["plugins"]), gpu:
    from sernas.features.extraction import extract_stream
    from sernas.training.devices import prepare

    on_device = {}
    if stream.on_device:
        on_device["device"] = prepare(device, config["jobs"]["threads"])
        on_device |= {"partial": Path(params.resume), "code": params.code}
    extract_stream(
        stream,
        snakemake.input.manifest,
        replace(from_slice(CorpusSettings, params.corpus), root=config["corpus_root"]),
        snakemake.output.store,
        snakemake.output.excluded,
        from_slice(stream.made_by, params.settings),
        threads=snakemake.threads,
        **on_device,
    )
