"""Corpus on disk -> manifest.csv, and what was left out."""

from sernas.base.jobs import job
from sernas.corpora.prepared import prepare_corpus
from sernas.settings.corpus import CorpusSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    settings = from_slice(CorpusSettings, snakemake.params.settings)
    prepare_corpus(settings, snakemake.output.manifest, snakemake.output.excluded)
