"""Save the speech model of the demo, whose weights are random."""

from pathlib import Path

from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.features.tiny_speech_model import make_tiny_speech_model

    make_tiny_speech_model(Path(snakemake.output[0]))
