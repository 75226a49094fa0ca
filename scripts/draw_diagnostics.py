"""Search histories and what was derived -> what a search did, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.diagnostics import draw_searches

    settings = from_slice(FigureSettings, snakemake.params.figures)
    classes = len(snakemake.params.emotions)
    draw_searches(snakemake.input, snakemake.output, classes, settings)
