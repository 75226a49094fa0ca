# The experiment of Rajapakshe et al. 2023, a module of the Snakefile: table_darts.csv.

EXPERIMENT = "rajapakshe2023"


include: "rules/common.smk"
include: "rules/experiment.smk"
