# fold -> the architectures to train: named outright, derived from a supernet, or joined from those of
# each stream


rule draw_architectures:
    output:
        architectures=for_rows("<results>/search/{system}/{nas}/fold{fold}.json", DRAWN),
    log:
        "<results>/logs/draw_architectures.log",
    benchmark:
        "<results>/benchmarks/draw_architectures.tsv"
    localrule: True  # a second
    conda:
        "../../environment.yml"
    params:
        rows=DRAWN,
        folds=FOLDS,
        random_candidates=config["random_candidates"],
        space=to_slice(SETTINGS.space),
        seed=config["seed"],
        code=code_digest(
            "sernas.search.strategies", "sernas.space.registry", "sernas.base.seeds"
        ),
    script:
        "../../scripts/draw_architectures.py"


for suffix, folds in fold_batches().items():

    rule:
        name:
            f"search_architecture{suffix}"
        input:
            stores=stores_of_system,
            splits=expand("<results>/folds/fold{fold}.csv", fold=folds),
            statistics=statistics_of_system(folds),
        output:
            architectures=expand(
                "<results>/search/{{system}}/{{nas}}/fold{fold}.json", fold=folds
            ),
            histories=expand(
                "<results>/search/{{system}}/{{nas}}/fold{fold}.csv", fold=folds
            ),
        log:
            f"<results>/logs/search_architecture/{{system}}_{{nas}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/search_architecture/{{system}}_{{nas}}{suffix}.tsv"
        wildcard_constraints:
            system="|".join(sorted({system for system, _ in TO_SEARCH})) or "-",
            nas="|".join(sorted({nas for _, nas in TO_SEARCH})) or "-",
        priority: 10  # training waits for it
        conda:
            "../../environment.yml"
        threads: config["jobs"]["threads"]
        resources:
            gpu=GPUS,
            mem_mb=doubling(network_mb(searching=True)),
            runtime=doubling(
                network_minutes(
                    folds,
                    SETTINGS.search.epochs + SETTINGS.search.architecture_epochs,
                    searching=True,
                )
            ),
        params:
            numbers=folds,
            resume=resume_folder("search", suffix),
            folds=to_slice(SETTINGS.folds),
            emotions=config["emotions"],
            optimisation=to_slice(SETTINGS.optimisation),
            search=to_slice(SETTINGS.search),
            space=to_slice(SETTINGS.space),
            seed=config["seed"],
            code=code_digest("sernas.search.supernet_search", "sernas.training.devices"),
        script:
            "../../scripts/search_architecture.py"


for suffix, folds in fold_batches().items():

    rule:
        name:
            f"join_architectures{suffix}"
        input:
            found_for_parts(folds),
        output:
            expand("<results>/search/{{system}}/{{nas}}/fold{fold}.json", fold=folds),
        log:
            f"<results>/logs/join_architectures/{{system}}_{{nas}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/join_architectures/{{system}}_{{nas}}{suffix}.tsv"
        wildcard_constraints:
            system="|".join(sorted({system for system, _ in JOINED})) or "-",
            nas="|".join(sorted({nas for _, nas in JOINED})) or "-",
        localrule: True  # a second
        conda:
            "../../environment.yml"
        params:
            space=to_slice(SETTINGS.space),
            code=code_digest("sernas.search.joined"),
        script:
            "../../scripts/join_architectures.py"
