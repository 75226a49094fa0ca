"""Stores -> the split of each fold, and the statistics of its training speakers."""

from contextlib import ExitStack

from sernas.base.jobs import job
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]), ExitStack() as stack:
    from sernas.features.store import FeatureStore
    from sernas.folds.shared_utterances import shared_utterances
    from sernas.folds.split import make_folds, write_split
    from sernas.folds.statistics import training_statistics

    settings = from_slice(FoldSettings, snakemake.params.settings)
    stores = [stack.enter_context(FeatureStore(path)) for path in snakemake.input]
    splits = make_folds(shared_utterances(stores), settings, tuple(snakemake.params.emotions))
    statistics = iter(snakemake.output.statistics)  # of each fold those of all stores
    for fold, path in zip(snakemake.params.folds, snakemake.output.splits, strict=True):
        write_split(splits[fold], path)
        for store in stores:
            training_statistics(store, splits[fold], settings.normalise).save(next(statistics))
