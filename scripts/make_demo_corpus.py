"""Generate the demo corpus."""

from pathlib import Path

from sernas.base.jobs import job
from sernas.settings.corpus import DemoSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.corpora.demo import make_demo_corpus

    make_demo_corpus(Path(snakemake.output[0]), from_slice(DemoSettings, snakemake.params.settings))
