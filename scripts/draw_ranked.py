"""The architectures by which the ranks of searches are judged, the same for all runs."""

from sernas.base.jobs import job
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.search.ranked import write_ranked

    params = snakemake.params
    write_ranked(
        params.systems,
        params.number,
        from_slice(SpaceSettings, params.space),
        params.seed,
        snakemake.output,
    )
