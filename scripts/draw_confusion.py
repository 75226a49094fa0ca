"""Predictions -> confusion matrices, a picture a system and strategy."""

from sernas.config import from_slice
from sernas.jobs import job
from sernas.settings import FigureSettings

with job(snakemake.log[0]):
    from sernas.reporting.confusion import draw_confusion
    from sernas.reporting.inputs import read_folds
    from sernas.reporting.papers import display_name

    params = snakemake.params
    settings = from_slice(FigureSettings, params.figures)
    predictions = read_folds(snakemake.input)
    for ((system, nas), folds), out in zip(predictions.items(), snakemake.output, strict=True):
        title = f"{display_name(system)}, {nas}"
        draw_confusion(folds, params.emotions, title, out, settings)
