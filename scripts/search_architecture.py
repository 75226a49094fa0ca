"""Train a supernet on each fold, and derive its architecture."""

import json
import logging
import shutil
from pathlib import Path

from sernas.base.files import write_csv, write_text
from sernas.base.jobs import job
from sernas.base.seeds import rng_of, seed_of
from sernas.settings.folds import FoldSettings
from sernas.settings.search import SearchSettings
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.systems.card import search_space
from sernas.training.gpus import leased_gpu

with job(snakemake.log[0], snakemake.config["plugins"]), leased_gpu(snakemake.config["device"]):
    import pandas as pd

    from sernas.folds.fold import open_folds
    from sernas.search.supernet_search import Search
    from sernas.training.devices import prepare

    params, (system, nas) = snakemake.params, snakemake.wildcards
    optimisation = from_slice(OptimisationSettings, params.optimisation)
    threads = snakemake.config["jobs"]["threads"]
    device = prepare(snakemake.config["device"], threads, optimisation.precision)
    space = from_slice(SpaceSettings, params.space)
    with open_folds(
        snakemake.input.stores,
        snakemake.input.splits,
        snakemake.input.statistics,
        from_slice(FoldSettings, params.folds),
        params.emotions,
    ) as folds:
        for number, fold, architectures, history in zip(
            params.numbers,
            folds,
            snakemake.output.architectures,
            snakemake.output.histories,
            strict=True,
        ):
            logging.info("%s, %s, fold %d", system, nas, number)
            found = Search(
                nas,
                system,
                fold,
                optimisation,
                from_slice(SearchSettings, params.search),
                space,
                seed=seed_of(params.seed, "search", system, number),
                # one probe for all strategies, so that Fig. 3(b) compares like with like
                probe=search_space(system, space).draw(
                    rng_of(params.seed, "probe", system, number)
                ),
                device=device,
            ).run(Path(params.resume, f"fold{number}"))
            write_text(architectures, json.dumps([found.architecture], indent=1))
            write_csv(pd.DataFrame(found.history), history)
    shutil.rmtree(params.resume)  # not before all is written, which a kill else undoes
