"""The times of one measure's variants, taken in turns."""

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.benchmarking.measures import MEASURES

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.training.devices import prepare

    measure = MEASURES[snakemake.wildcards.measure]
    options = measure.options(prepare(snakemake.params.device, threads=1), snakemake.threads)
    write_csv(measure(options), snakemake.output[0])
