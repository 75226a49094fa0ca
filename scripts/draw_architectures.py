"""The architectures of the strategies that need no supernet."""

import itertools
import json

from sernas.base.files import write_text
from sernas.base.jobs import job
from sernas.base.seeds import rng_of
from sernas.search.strategy import STRATEGIES
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

with job(snakemake.log[0], snakemake.config["plugins"]):
    params = snakemake.params
    units = itertools.product(params.rows, params.folds)
    for ((system, strategy), fold), path in zip(units, snakemake.output, strict=True):
        space = search_space(system, from_slice(SpaceSettings, params.space))
        rng = rng_of(params.seed, "draw", system, strategy, fold)
        drawn = STRATEGIES[strategy].candidates(space, params.random_candidates, rng)
        write_text(path, json.dumps(drawn, indent=1))
