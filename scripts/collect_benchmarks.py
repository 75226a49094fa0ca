"""The tables of all measures -> one table; of a card also what it comes to, on the terminal."""

from sernas.base.files import write_csv
from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    import sys

    import pandas as pd

    from sernas.benchmarking.targets import summary

    table = pd.concat([pd.read_csv(path) for path in snakemake.input], ignore_index=True)
    write_csv(table.round(4), snakemake.output[0])
    if "card" in set(table["benchmark"]):
        print(summary(table), file=sys.stderr)
