"""The architectures of each stream alone -> those of a system that takes them all."""

from sernas.base.jobs import job
from sernas.search.joined import join_folds
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings

with job(snakemake.log[0], snakemake.config["plugins"]):
    join_folds(
        snakemake.wildcards.system,
        snakemake.input,
        from_slice(SpaceSettings, snakemake.params.space),
        snakemake.output,
    )
