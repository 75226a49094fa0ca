"""Predict the test speakers' whole utterances."""

from sernas.base.jobs import job
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice
from sernas.training.gpus import leased_gpu

config, data = snakemake.config, snakemake.input
gpu = leased_gpu(config["device"], config["jobs"]["per_gpu"], snakemake.resources.gpu_mb)
with job(snakemake.log[0], config["plugins"]), gpu:
    from sernas.evaluation.predictions import predict_folds
    from sernas.folds.fold import open_folds
    from sernas.training.devices import prepare

    device = prepare(config["device"], config["jobs"]["threads"])
    settings = from_slice(FoldSettings, snakemake.params.folds)
    with open_folds(
        data.stores, data.splits, data.statistics, settings, snakemake.params.emotions
    ) as folds:
        predict_folds(folds, data.models, device, snakemake.output)
