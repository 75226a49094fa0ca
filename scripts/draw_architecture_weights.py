"""Search histories -> how the architecture weights moved, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.experiments.experiment import display_name
    from sernas.reporting.architecture_weights import draw_weights
    from sernas.reporting.result_files import read_folds

    settings = from_slice(FigureSettings, snakemake.params.figures)
    histories = read_folds(snakemake.input)
    for ((system, strategy), folds), out in zip(histories.items(), snakemake.output, strict=True):
        draw_weights(folds, f"{display_name(system)}, {strategy}", out, settings)
