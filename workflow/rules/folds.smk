# features.h5, embeddings.h5 -> who trains, validates and tests, and the statistics of the training speakers


rule make_folds:
    input:
        stores=PATHS.stores(USED),
        excluded=["<corpus>/excluded.csv", *PATHS.excluded(USED)],
    output:
        splits=PATHS.splits(FOLDS),
        statistics=PATHS.statistics(FOLDS, USED),
    log:
        "<results>/logs/make_folds.log",
    benchmark:
        "<results>/benchmarks/make_folds.tsv"
    group:
        "features"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        settings=to_slice(SETTINGS.folds),
        emotions=config["emotions"],
        code=code_of("make_folds"),
    script:
        "../../scripts/make_folds.py"
