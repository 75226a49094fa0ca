"""The architectures of the strategies that need no supernet."""

from sernas.base.jobs import job
from sernas.search.drawn import draw_architectures
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings

with job(snakemake.log[0], snakemake.config["plugins"]):
    params = snakemake.params
    draw_architectures(
        params.rows,
        params.numbers,
        params.folds,
        from_slice(SpaceSettings, params.space),
        params.seed,
        snakemake.output,
    )
