"""Fetch a corpus that anybody may have, and unpack it."""

from pathlib import Path

from sernas.base.jobs import job
from sernas.corpora.download import Archive, download_corpus

folder = Path(snakemake.output[0])
with job(snakemake.log[0], snakemake.config["plugins"]):
    wanted = [Archive(*each) for each in snakemake.params.archives]
    download_corpus(wanted, folder, kept=folder.parent / f"{folder.name}.archives")
