# The experiment of another paper, a module of the Snakefile: its table, and with the target
# <folder>_all its pictures too.


include: "rules/common.smk"
include: "rules/experiment.smk"
include: "rules/report.smk"


rule all:
    input:
        EVERY_RESULT,
