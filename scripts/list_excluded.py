"""What each store leaves out -> all that is left out, once for each reason."""

from sernas.base.files import read_csv, write_csv
from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    import pandas as pd

    write_csv(pd.concat(map(read_csv, snakemake.input)).drop_duplicates(), snakemake.output[0])
