"""Predictions -> confusion matrices, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0]):
    from sernas.reporting.confusion import draw_confusion
    from sernas.reporting.papers import display_name
    from sernas.reporting.result_files import read_folds

    params = snakemake.params
    settings = from_slice(FigureSettings, params.figures)
    predictions = read_folds(snakemake.input)
    for ((system, nas), folds), out in zip(predictions.items(), snakemake.output, strict=True):
        title = f"{display_name(system)}, {nas}"
        draw_confusion(folds, params.emotions, title, out, settings)
