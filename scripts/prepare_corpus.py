"""Corpus on disk -> manifest.csv, and what was left out."""

import logging

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    corpus = read_corpus(from_slice(CorpusSettings, snakemake.params.settings))
    for warning in corpus.warnings:
        logging.warning(warning)
    logging.info("%d utterances, %d left out", len(corpus.utterances), len(corpus.excluded))
    write_csv(corpus.utterances, snakemake.output.manifest)
    write_csv(corpus.excluded, snakemake.output.excluded)
