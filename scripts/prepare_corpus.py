"""Corpus on disk -> manifest.csv, and what was left out."""

from dataclasses import replace

from sernas.base.jobs import job
from sernas.corpora.prepared import prepare_corpus
from sernas.settings.corpus import CorpusSettings
from sernas.settings.slices import from_slice

params, config = snakemake.params, snakemake.config
with job(snakemake.log[0], config["plugins"]):
    prepare_corpus(
        replace(from_slice(CorpusSettings, params.corpus), root=config["corpus_root"]),
        params.recordings,
        *snakemake.output,
        threads=snakemake.threads,
    )
