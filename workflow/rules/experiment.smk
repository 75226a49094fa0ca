# manifest.csv -> tables and figures of one experiment


include: "features.smk"
include: "folds.smk"
include: "search.smk"
include: "training.smk"
include: "evaluation.smk"
include: "reporting.smk"
