# architectures of no strategy's choice -> whether searches rank them as training them alone does

if K and ROWS.ranked:

    rule draw_ranked:
        output:
            PATHS.for_seed(ARCHITECTURES, ROWS.ranked),
        log:
            "<results>/logs/draw_ranked_seed{seed}.log",
        benchmark:
            "<results>/benchmarks/draw_ranked_seed{seed}.tsv"
        localrule: True  # a second
        conda:
            "../../environment.yml"
        params:
            systems=[system for system, _ in ROWS.ranked],
            number=K,
            space=to_slice(SETTINGS.space),
            seed=config["seed"],
            code=code_of("draw_ranked", code.of_systems(ROWS.ranked)),
        script:
            "../../scripts/draw_ranked.py"

    rule correlate_ranks:
        input:
            scores=PATHS.for_rows(SCORES, ROWS.found),
            alone=PATHS.for_rows(TRAINING_HISTORIES, ROWS.ranked),
            summaries=rules.make_table.input.summaries,
        output:
            csv=report(
                "<results>/rank_correlation.csv",
                caption="../report/rank_correlation.rst",
                category="Searches",
            ),
            png=report(
                "<results>/rank_correlation.png",
                caption="../report/rank_correlation.rst",
                category="Searches",
            ),
        log:
            "<results>/logs/correlate_ranks.log",
        benchmark:
            "<results>/benchmarks/correlate_ranks.tsv"
        group:
            "report"
        conda:
            "../../environment.yml"
        resources:
            mem_mb=doubling(1500),
            runtime=doubling(10),
        params:
            select={
                system: SETTINGS.of(system).training.select
                for system, _ in ROWS.ranked
            },
            evaluation=to_slice(SETTINGS.evaluation),
            figures=to_slice(SETTINGS.figures),
            seed=config["seed"],
            code=code_of("correlate_ranks", code.of_names()),
        script:
            "../../scripts/correlate_ranks.py"
