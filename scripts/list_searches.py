"""What each search amounts to, a row a system and strategy."""

from sernas.base.files import write_csv
from sernas.base.jobs import job

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.agreement import read_derived
    from sernas.reporting.result_files import read_folds
    from sernas.reporting.searches import searches_table

    data = snakemake.input
    histories, derived = read_folds(data.histories), read_derived(data.architectures)
    table = searches_table(histories, derived, len(snakemake.params.emotions))
    write_csv(table, snakemake.output[0])
