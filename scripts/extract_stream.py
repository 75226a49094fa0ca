"""manifest.csv -> the store of one stream of frames, and everything left out."""

from pathlib import Path

from sernas.base.jobs import job
from sernas.features.stream import STREAMS
from sernas.settings.slices import from_slice
from sernas.training.gpus import leased_gpu

params, config = snakemake.params, snakemake.config
stream = STREAMS[params.stream]
device = config["device"] if stream.on_device else "cpu"
with job(snakemake.log[0], config["plugins"]), leased_gpu(device):
    from sernas.features.extraction import extract_stream
    from sernas.training.devices import prepare

    on_device = {}
    if stream.on_device:
        on_device["device"] = prepare(device, config["jobs"]["threads"])
        on_device |= {"partial": Path(params.resume), "code": params.code}
    extract_stream(
        stream,
        snakemake.input.manifest,
        snakemake.input.excluded,
        params.root,
        snakemake.output.store,
        snakemake.output.excluded,
        from_slice(stream.made_by, params.settings),
        params.on_bad_audio,
        params.silence_db,
        threads=snakemake.threads,
        **on_device,
    )
