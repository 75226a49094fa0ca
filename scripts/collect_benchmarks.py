"""The tables of all measures -> one table and one figure."""

from sernas.base.files import write_csv
from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    import pandas as pd

    from sernas.benchmarking.picture import draw_benchmarks

    table = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    write_csv(table.round(4), snakemake.output.csv)
    draw_benchmarks(table, snakemake.output.png, snakemake.params.dpi)
