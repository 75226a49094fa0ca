"""Stores -> the split of each fold, and the statistics of its training speakers."""

from sernas.base.jobs import job
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.folds.written_folds import write_folds

    write_folds(
        snakemake.input.stores,
        snakemake.input.excluded,
        from_slice(FoldSettings, snakemake.params.settings),
        snakemake.params.emotions,
        snakemake.output.splits,
        snakemake.output.statistics,
    )
