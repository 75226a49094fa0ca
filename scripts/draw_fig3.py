"""Search histories -> Fig. 3."""

from sernas.config import from_slice
from sernas.files import write_csv
from sernas.jobs import job
from sernas.settings import FigureSettings

with job(snakemake.log[0]):
    from sernas.reporting.fig3 import draw_fig3, fig3_data
    from sernas.reporting.inputs import read_folds

    data = fig3_data({nas: folds for (_, nas), folds in read_folds(snakemake.input).items()})
    out = snakemake.output
    settings = from_slice(FigureSettings, snakemake.params.figures)
    draw_fig3(data, out.pdf, out.png, settings, snakemake.params.system)
    write_csv(data, out.csv)
