"""Search histories of cells -> whether each search collapsed, a picture a system and strategy."""

from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.collapse import draw_collapse
    from sernas.reporting.row_pictures import draw_rows

    settings = from_slice(FigureSettings, snakemake.params.figures)
    most = snakemake.params.stop_at_skips
    draw_rows(
        snakemake.input,
        snakemake.output,
        lambda folds, title, out: draw_collapse(folds, title, out, settings, most),
    )
