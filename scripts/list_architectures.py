"""The architecture of every fold, a row each."""

from sernas.base.files import write_csv
from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.architectures import architectures_table
    from sernas.reporting.result_files import read_summaries

    write_csv(architectures_table(read_summaries(snakemake.input)), snakemake.output[0])
