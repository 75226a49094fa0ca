"""Search histories -> Fig. 3."""

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.settings.reporting import FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.fig3 import draw_fig3, fig3_data
    from sernas.reporting.result_files import read_folds

    data = fig3_data(
        {strategy: folds for (_, strategy), folds in read_folds(snakemake.input).items()}
    )
    out = snakemake.output
    settings = from_slice(FigureSettings, snakemake.params.figures)
    draw_fig3(data, out.pdf, out.png, settings, snakemake.params.system)
    write_csv(data, out.csv)
