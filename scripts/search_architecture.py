"""Train a supernet on each fold, and derive its architecture."""

from sernas.base.jobs import job
from sernas.settings.folds import FoldSettings
from sernas.settings.search import SearchSettings
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.training.gpus import leased_gpu

config, params, data, out = snakemake.config, snakemake.params, snakemake.input, snakemake.output
gpu = leased_gpu(config["device"], config["jobs"]["per_gpu"], snakemake.resources.gpu_mb)
with job(snakemake.log[0], config["plugins"]), gpu:
    from sernas.folds.fold import open_folds
    from sernas.search.ranked import ranked_architectures
    from sernas.search.search_folds import search_folds
    from sernas.systems.card import search_space
    from sernas.training.devices import prepare, resolved

    settings = from_slice(FoldSettings, params.folds)
    optimisation = from_slice(OptimisationSettings, params.optimisation)
    device = prepare(config["device"], config["jobs"]["threads"], optimisation.precision)
    optimisation = resolved(optimisation, device)
    space, system = from_slice(SpaceSettings, params.space), snakemake.wildcards.system
    ranked = ranked_architectures(system, search_space(system, space), *params.ranked)
    with open_folds(data.stores, data.splits, data.statistics, settings, params.emotions) as folds:
        search_folds(
            snakemake.wildcards.strategy,
            system,
            folds,
            params.numbers,
            optimisation,
            from_slice(SearchSettings, params.search),
            space,
            params.seed,
            device,
            params.resume,
            out.architectures,
            out.histories,
            out.costs,
            ranked,
            out.scores if ranked else (),
        )
