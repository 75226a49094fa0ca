"""Summaries of the trained networks -> the cells that each fold ended with, a picture a fold."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.experiments.experiment import display_name
    from sernas.reporting.cells import draw_cells
    from sernas.reporting.result_files import read_summaries

    settings = from_slice(FigureSettings, snakemake.params.figures)
    for fold, out in zip(read_summaries(snakemake.input), snakemake.output, strict=True):
        title = f"{display_name(fold['system'])}\n{fold['strategy']}, fold {fold['fold']}"
        draw_cells(fold["architecture"], title, out, settings)
