"""What each store leaves out -> all that is left out, once for each reason."""

from sernas.base.files import write_csv
from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    import pandas as pd

    tables = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in snakemake.input]
    write_csv(pd.concat(tables).drop_duplicates(), snakemake.output[0])
