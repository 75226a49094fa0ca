"""Summaries of the trained networks -> the cells that each fold ended with, a picture a fold."""

from sernas.config import from_slice
from sernas.jobs import job
from sernas.settings import FigureSettings

with job(snakemake.log[0]):
    from sernas.reporting.cells import draw_cells
    from sernas.reporting.inputs import read_summaries
    from sernas.reporting.papers import display_name

    settings = from_slice(FigureSettings, snakemake.params.figures)
    for fold, out in zip(read_summaries(snakemake.input), snakemake.output, strict=True):
        title = f"{display_name(fold['system'])}\n{fold['nas']}, fold {fold['fold']}"
        draw_cells(fold["architecture"], title, out, settings)
