# features.h5, embeddings.h5 -> who trains, validates and tests, and the statistics of the training speakers


rule make_folds:
    input:
        [f"<results>/{STORES[stream]}.h5" for stream in STREAMS],
    output:
        splits=expand("<results>/folds/fold{fold}.csv", fold=FOLDS),
        statistics=expand(
            "<results>/folds/fold{fold}{stream}.npz",
            fold=FOLDS,
            stream=[STATISTICS[stream] for stream in STREAMS],
        ),
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
        folds=FOLDS,
        code=code_digest(
            "sernas.folds.shared_utterances", "sernas.folds.split", "sernas.folds.statistics"
        ),
    script:
        "../../scripts/make_folds.py"
