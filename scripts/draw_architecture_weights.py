"""Search histories -> how the architecture weights moved, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.architecture_weights import draw_weights
    from sernas.reporting.row_pictures import draw_rows

    settings = from_slice(FigureSettings, snakemake.params.figures)
    draw_rows(
        snakemake.input,
        snakemake.output,
        lambda folds, title, out: draw_weights(folds, title, out, settings),
    )
