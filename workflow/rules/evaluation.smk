# trained network -> predictions of the test speakers' whole utterances: the one use of test data

for suffix, folds in BATCHES.items():

    rule:
        name:
            f"evaluate_system{suffix}"
        input:
            **PATHS.data(folds),
            models=PATHS.per_fold("models", "pt", folds),
        output:
            PATHS.per_fold("predictions", "csv", folds),
        log:
            f"<results>/logs/evaluate_system/{{system}}_{{strategy}}_seed{{seed}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/evaluate_system/{{system}}_{{strategy}}_seed{{seed}}{suffix}.tsv"
        group:
            "train"
        conda:
            "../../environment.yml"
        threads: config["jobs"]["threads"]
        resources:
            gpu=int(GPU),
            mem_mb=doubling(network_mb(SETTINGS, recordings=RECORDINGS)),
            gpu_mb=doubling(network_mb(SETTINGS, recordings=RECORDINGS, gpu=True)),
            runtime=doubling(network_minutes(SETTINGS, GPU, len(folds), epochs=1)),
        params:
            folds=to_slice(SETTINGS.folds),
            emotions=config["emotions"],
            code=code_of("evaluate_system", code.of_system(SETTINGS.space)),
        script:
            "../../scripts/evaluate_system.py"
