"""Generate the demo corpus."""

from pathlib import Path

from sernas.config import from_slice
from sernas.jobs import job
from sernas.settings import DemoSettings

with job(snakemake.log[0]):
    from sernas.corpora.demo import make_demo_corpus

    make_demo_corpus(Path(snakemake.output[0]), from_slice(DemoSettings, snakemake.params.settings))
