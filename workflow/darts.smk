# The experiment of Rajapakshe et al. 2023, a module of the Snakefile: results/table_darts.csv, and
# with the target darts_all its pictures too.

EXPERIMENT = "rajapakshe2023"


include: "rules/common.smk"
include: "rules/experiment.smk"


rule all:
    input:
        every_result(),
