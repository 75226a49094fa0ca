"""The architecture of every fold, a row each."""

from sernas.files import write_csv
from sernas.jobs import job

with job(snakemake.log[0]):
    from sernas.reporting.architectures import architectures_table
    from sernas.reporting.inputs import read_summaries

    write_csv(architectures_table(read_summaries(snakemake.input)), snakemake.output[0])
