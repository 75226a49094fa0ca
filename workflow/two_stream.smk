# The experiment of Sun et al. 2022, a module of the Snakefile: results/table_two_stream.csv, and with
# the target two_stream_all its pictures too.

EXPERIMENT = "sun2022"


include: "rules/common.smk"
include: "rules/experiment.smk"


rule all:
    input:
        every_result(),
