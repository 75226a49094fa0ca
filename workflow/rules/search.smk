# fold -> the architectures to train: named outright, derived from a supernet, or joined from those of
# each stream


rule draw_architectures:
    output:
        PATHS.for_seed(ARCHITECTURES, ROWS.drawn),
    log:
        "<results>/logs/draw_architectures_seed{seed}.log",
    benchmark:
        "<results>/benchmarks/draw_architectures_seed{seed}.tsv"
    localrule: True  # a second
    conda:
        "../../environment.yml"
    params:
        rows=ROWS.drawn,
        numbers=[
            STRATEGIES[strategy].number(
                config["random_candidates"], SETTINGS.of(system).training.epochs
            )
            for system, strategy in ROWS.drawn
        ],
        folds=FOLDS,
        space=to_slice(SETTINGS.space),
        seed=lambda wildcards: int(wildcards.seed),
        code=code_of("draw_architectures", code.of_rows(ROWS.drawn)),
    script:
        "../../scripts/draw_architectures.py"


for suffix, folds in BATCHES.items():

    rule:
        name:
            f"search_architecture{suffix}"
        input:
            **PATHS.data(folds),
        output:
            architectures=PATHS.per_fold("search", "json", folds),
            histories=PATHS.per_fold("search", "csv", folds),
            costs=PATHS.per_fold("costs/search", "json", folds),
            scores=(PATHS.per_fold("search", "csv", folds, "_inherited") if K else []),
        log:
            f"<results>/logs/search_architecture/{{system}}_{{strategy}}_seed{{seed}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/search_architecture/{{system}}_{{strategy}}_seed{{seed}}{suffix}.tsv"
        wildcard_constraints:
            **one_of(ROWS.to_search),
        priority: 10  # training waits for it
        conda:
            "../../environment.yml"
        threads: config["jobs"]["threads"]
        resources:
            gpu=int(GPU),
            mem_mb=doubling(network_mb(SETTINGS, searching=True)),
            gpu_mb=doubling(network_mb(SETTINGS, searching=True, gpu=True)),
            runtime=doubling(
                network_minutes(
                    SETTINGS,
                    GPU,
                    len(folds),
                    resources.search_epochs(SETTINGS.search),
                    searching=True,
                )
            ),
        params:
            numbers=folds,
            resume=f"{RESULTS}/resume/search/{{system}}_{{strategy}}_seed{{seed}}{suffix}",
            folds=to_slice(SETTINGS.folds),
            emotions=config["emotions"],
            optimisation=of_system("optimisation"),
            search=to_slice(SETTINGS.search),
            space=to_slice(SETTINGS.space),
            seed=lambda wildcards: int(wildcards.seed),
            # of the experiment: no search depends on it else
            ranked=(K, K and config["seed"]),
            code=code_of(
                "search_architecture", code.of_system(SETTINGS.space), code.of_strategy
            ),
        script:
            "../../scripts/search_architecture.py"

    rule:
        name:
            f"join_architectures{suffix}"
        input:
            PATHS.found_for_parts(folds),
        output:
            PATHS.per_fold("search", "json", folds),
        log:
            f"<results>/logs/join_architectures/{{system}}_{{strategy}}_seed{{seed}}{suffix}.log",
        benchmark:
            f"<results>/benchmarks/join_architectures/{{system}}_{{strategy}}_seed{{seed}}{suffix}.tsv"
        wildcard_constraints:
            **one_of(ROWS.joined),
        localrule: True  # a second
        conda:
            "../../environment.yml"
        params:
            space=to_slice(SETTINGS.space),
            code=code_of("join_architectures", code.of_system(SETTINGS.space)),
        script:
            "../../scripts/join_architectures.py"
