# features.h5 -> who trains, validates and tests, and the statistics of the training speakers


rule make_folds:
    input:
        rules.extract_features.output.features,
    output:
        splits=expand("<results>/folds/fold{fold}.csv", fold=FOLDS),
        statistics=expand("<results>/folds/fold{fold}.npz", fold=FOLDS),
    log:
        "<results>/logs/make_folds.log",
    benchmark:
        "<results>/benchmarks/make_folds.tsv"
    conda:
        "../../environment.yml"
    params:
        settings=to_slice(SETTINGS.folds),
        emotions=config["emotions"],
        folds=FOLDS,
        code=code_digest("sernas.folds.split", "sernas.folds.statistics"),
    script:
        "../../scripts/make_folds.py"
