"""All measures without Snakemake: ``python -m sernas.benchmarking cuda benchmarks.csv``."""

import sys

import pandas as pd

from sernas.base.files import write_csv
from sernas.benchmarking.measures import MEASURES, measures_on
from sernas.benchmarking.targets import summary
from sernas.training.devices import prepare

device, tables = prepare(sys.argv[1], threads=1), []
for name in measures_on(device.type):
    tables.append(MEASURES[name](MEASURES[name].options(device, cores=1)))
    write_csv(pd.concat(tables).round(4), sys.argv[2])  # whatever becomes of the next
print(summary(pd.concat(tables)))
