"""Summaries of the trained networks -> the cells that each fold ended with, a picture a fold."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.cells import draw_folds

    settings = from_slice(FigureSettings, snakemake.params.figures)
    draw_folds(snakemake.input, snakemake.output, settings)
