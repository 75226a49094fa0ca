# trained network -> predictions of the test speakers' whole utterances: the one use of test data

for suffix, folds in fold_batches().items():

    rule:
        name:
            f"evaluate_system{suffix}"
        input:
            stores=stores_of_system,
            splits=expand("<results>/folds/fold{fold}.csv", fold=folds),
            statistics=statistics_of_system(folds),
            models=expand(
                "<results>/models/{{system}}/{{nas}}/fold{fold}.pt", fold=folds
            ),
        output:
            expand(
                "<results>/predictions/{{system}}/{{nas}}/fold{fold}.csv", fold=folds
            ),
        log:
            f"<results>/logs/evaluate_system/{{system}}_{{nas}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/evaluate_system/{{system}}_{{nas}}{suffix}.tsv"
        group:
            "train"
        conda:
            "../../environment.yml"
        threads: config["jobs"]["threads"]
        resources:
            gpu=GPUS,
            mem_mb=doubling(network_mb()),
            runtime=doubling(network_minutes(folds, epochs=1)),
        params:
            folds=to_slice(SETTINGS.folds),
            emotions=config["emotions"],
            code=code_digest(
                "sernas.evaluation.predictions",
                "sernas.training.devices",
                "sernas.models.model_file",
            ),
        script:
            "../../scripts/evaluate_system.py"
