"""Predictions -> confusion matrices, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.experiments.experiment import display_name
    from sernas.reporting.confusion import draw_confusion
    from sernas.reporting.result_files import read_folds

    params = snakemake.params
    settings = from_slice(FigureSettings, params.figures)
    predictions = read_folds(snakemake.input)
    for ((system, strategy), folds), out in zip(predictions.items(), snakemake.output, strict=True):
        title = f"{display_name(system)}, {strategy}"
        draw_confusion(folds, params.emotions, title, out, settings)
