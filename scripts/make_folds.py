"""features.h5 -> the split of each fold, and the statistics of its training speakers."""

from sernas.config import from_slice
from sernas.jobs import job
from sernas.settings import FoldSettings

with job(snakemake.log[0]):
    from sernas.features.store import FeatureStore
    from sernas.folds.split import make_folds, write_split
    from sernas.folds.statistics import training_statistics

    settings = from_slice(FoldSettings, snakemake.params.settings)
    with FeatureStore(snakemake.input[0]) as store:
        splits = make_folds(store.index, settings, tuple(snakemake.params.emotions))
        for fold, path, statistics in zip(
            snakemake.params.folds,
            snakemake.output.splits,
            snakemake.output.statistics,
            strict=True,
        ):
            write_split(splits[fold], path)
            training_statistics(store, splits[fold], settings.normalise).save(statistics)
