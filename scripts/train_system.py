"""Train each fold's candidate architectures from scratch, and keep the best on validation data."""

import logging

from sernas.base.jobs import job
from sernas.base.registry import load
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.training.gpus import leased_gpu

config, params, data, out = snakemake.config, snakemake.params, snakemake.input, snakemake.output
gpu = leased_gpu(config["device"], config["jobs"]["per_gpu"], snakemake.resources.gpu_mb)
with job(snakemake.log[0], config["plugins"]), gpu:
    from sernas.folds.fold import open_folds
    from sernas.training.devices import prepare, resolved
    from sernas.training.train_folds import train_folds

    settings = from_slice(FoldSettings, params.folds)
    optimisation = from_slice(OptimisationSettings, params.optimisation)
    if params.at_once < config["jobs"]["at_once"]:
        logging.info("networks of this row are trained one by one, whatever jobs.at_once says")
    device = prepare(config["device"], config["jobs"]["threads"], optimisation.precision)
    optimisation = resolved(optimisation, device)
    with open_folds(data.stores, data.splits, data.statistics, settings, params.emotions) as folds:
        train_folds(
            snakemake.wildcards.strategy,
            snakemake.wildcards.system,
            folds,
            params.numbers,
            from_slice(TrainingSettings, params.training),
            optimisation,
            from_slice(SpaceSettings, params.space),
            params.seed,
            device,
            params.resume,
            data.architectures,
            out.models,
            out.summaries,
            out.histories,
            out.costs,
            load(params.trainer),
            params.at_once,
        )
