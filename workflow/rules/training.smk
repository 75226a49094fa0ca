# architectures -> the trained network of the best one

AT_ONCE = resources.networks_at_once(SETTINGS)

for suffix, folds in BATCHES.items():

    rule:
        name:
            f"train_system{suffix}"
        input:
            **PATHS.data(folds),
            architectures=PATHS.per_fold("search", "json", folds),
        output:
            models=PATHS.per_fold("models", "pt", folds),
            summaries=PATHS.per_fold("models", "json", folds),
            histories=PATHS.per_fold("models", "csv", folds),
            costs=PATHS.per_fold("costs/training", "json", folds),
        log:
            f"<results>/logs/train_system/{{system}}_{{strategy}}_seed{{seed}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/train_system/{{system}}_{{strategy}}_seed{{seed}}{suffix}.tsv"
        priority: 5  # the short evaluations fill the end
        group:
            "train"
        conda:
            "../../environment.yml"
        threads: config["jobs"]["threads"]
        resources:
            gpu=int(GPU),
            mem_mb=doubling(
                network_mb(SETTINGS, recordings=RECORDINGS, at_once=AT_ONCE)
            ),
            gpu_mb=doubling(
                network_mb(SETTINGS, recordings=RECORDINGS, gpu=True, at_once=AT_ONCE)
            ),
            runtime=doubling(
                network_minutes(
                    SETTINGS, GPU, len(folds), resources.training_epochs(SETTINGS)
                )
            ),
        params:
            numbers=folds,
            resume=f"{RESULTS}/resume/training/{{system}}_{{strategy}}_seed{{seed}}{suffix}",
            folds=to_slice(SETTINGS.folds),
            emotions=config["emotions"],
            training=of_system("training"),
            optimisation=of_system("optimisation"),
            space=to_slice(SETTINGS.space),
            seed=lambda wildcards: int(wildcards.seed),
            trainer=lambda wildcards: trainer_of(wildcards.system, wildcards.strategy),
            at_once=AT_ONCE,
            epochs=resources.training_epochs(SETTINGS),  # for sernas status
            code=code_of(
                "train_system", code.of_system(SETTINGS.space), code.of_trainer
            ),
        script:
            "../../scripts/train_system.py"
