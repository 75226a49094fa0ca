"""The table of all measures on the CPU -> one figure."""

from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    import pandas as pd

    from sernas.benchmarking.picture import draw_benchmarks

    table = pd.read_csv(snakemake.input[0])
    draw_benchmarks(table, snakemake.output[0], snakemake.params.dpi)
