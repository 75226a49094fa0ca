"""The times of one measure's variants, taken in turns."""

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.benchmarking.measures import MEASURES
from sernas.benchmarking.options import Options

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.training.devices import prepare

    device = prepare(snakemake.params.device, threads=1)
    options = Options(device, threads=1, cores=snakemake.threads, rounds=snakemake.params.rounds)
    write_csv(MEASURES[snakemake.wildcards.measure](options), snakemake.output[0])
