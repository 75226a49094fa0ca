# architectures -> the trained network of the best one

for suffix, folds in fold_batches().items():

    rule:
        name:
            f"train_system{suffix}"
        input:
            stores=stores_of_system,
            splits=expand("<results>/folds/fold{fold}.csv", fold=folds),
            statistics=statistics_of_system(folds),
            architectures=expand(
                "<results>/search/{{system}}/{{nas}}/fold{fold}.json", fold=folds
            ),
        output:
            models=expand(
                "<results>/models/{{system}}/{{nas}}/fold{fold}.pt", fold=folds
            ),
            summaries=expand(
                "<results>/models/{{system}}/{{nas}}/fold{fold}.json", fold=folds
            ),
            histories=expand(
                "<results>/models/{{system}}/{{nas}}/fold{fold}.csv", fold=folds
            ),
        log:
            f"<results>/logs/train_system/{{system}}_{{nas}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/train_system/{{system}}_{{nas}}{suffix}.tsv"
        priority: 5  # the short evaluations fill the end
        group:
            "train"
        conda:
            "../../environment.yml"
        threads: config["jobs"]["threads"]
        resources:
            gpu=GPUS,
            mem_mb=doubling(network_mb()),
            runtime=doubling(network_minutes(folds, training_epochs)),
        params:
            numbers=folds,
            resume=resume_folder("training", suffix),
            folds=to_slice(SETTINGS.folds),
            emotions=config["emotions"],
            training=to_slice(SETTINGS.training),
            optimisation=to_slice(SETTINGS.optimisation),
            space=to_slice(SETTINGS.space),
            seed=config["seed"],
            code=code_digest(
                "sernas.training.from_scratch",
                "sernas.training.devices",
                "sernas.models.model_file",
            ),
        script:
            "../../scripts/train_system.py"
