"""Predictions -> the UA by how long utterances are, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.durations import draw_durations
    from sernas.reporting.row_pictures import draw_rows

    settings = from_slice(FigureSettings, snakemake.params.figures)
    emotions = snakemake.params.emotions
    draw_rows(
        snakemake.input,
        snakemake.output,
        lambda folds, title, out: draw_durations(folds, emotions, title, out, settings),
    )
