"""Predictions -> the UA of each test speaker, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.row_pictures import draw_rows
    from sernas.reporting.speakers import draw_speakers

    settings = from_slice(FigureSettings, snakemake.params.figures)
    emotions = snakemake.params.emotions
    draw_rows(
        snakemake.input,
        snakemake.output,
        lambda folds, title, out: draw_speakers(folds, emotions, title, out, settings),
    )
