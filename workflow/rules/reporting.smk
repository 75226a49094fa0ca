# predictions, architectures and histories -> tables and figures


rule make_table:
    input:
        predictions=PATHS.for_rows(PREDICTIONS, ROWS.every),
        summaries=PATHS.for_rows(SUMMARIES, ROWS.every),
        training_costs=PATHS.for_rows(TRAINING_COSTS, ROWS.every),
        search_costs=PATHS.for_rows(SEARCH_COSTS, ROWS.to_search),
        searches=["<results>/searches.csv"] if ROWS.searched else [],
        splits=rules.make_folds.output.splits,
        stores=PATHS.stores(USED),
    output:
        csv=report(
            f"<tables>/{EXPERIMENT.table}.csv",
            caption="../report/table.rst",
            category=EXPERIMENT.title,
        ),
        markdown=f"<tables>/{EXPERIMENT.table}.md",
        latex=f"<tables>/{EXPERIMENT.table}.tex",
        provenance=report(
            "<results>/provenance.json",
            caption="../report/provenance.rst",
            category="Provenance",
        ),
    log:
        "<results>/logs/make_table.log",
    benchmark:
        "<results>/benchmarks/make_table.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        corpus=SETTINGS.corpus.name,
        experiment=EXPERIMENT.name,
        note=caption(EXPERIMENT.note, USED, SETTINGS),
        emotions=config["emotions"],
        evaluation=to_slice(SETTINGS.evaluation),
        seed=config["seed"],
        code=code_of("make_table", code.of_names()),
    script:
        "../../scripts/make_table.py"


if EXPERIMENT.claims:

    rule test_claims:
        input:
            predictions=PATHS.for_rows(PREDICTIONS, ROWS.every),
            histories=PATHS.for_rows(HISTORIES, ROWS.searched),
            splits=rules.make_folds.output.splits,
        output:
            report(
                "<results>/claims.csv",
                caption="../report/claims.rst",
                category="Claims",
            ),
        log:
            "<results>/logs/test_claims.log",
        benchmark:
            "<results>/benchmarks/test_claims.tsv"
        group:
            "report"
        conda:
            "../../environment.yml"
        resources:
            mem_mb=doubling(1500),
            runtime=doubling(10),
        params:
            paper=EXPERIMENT.name,  # "experiment" is what rules that make its table have
            evaluation=to_slice(SETTINGS.evaluation),
            seed=config["seed"],
            code=code_of("test_claims", code.of_names()),
        script:
            "../../scripts/test_claims.py"


rule list_architectures:
    input:
        rules.make_table.input.summaries,
    output:
        report(
            "<results>/architectures.csv",
            caption="../report/architectures.rst",
            category="Architectures",
        ),
    log:
        "<results>/logs/list_architectures.log",
    benchmark:
        "<results>/benchmarks/list_architectures.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        code=code_of("list_architectures", code.of_names()),
    script:
        "../../scripts/list_architectures.py"


if ROWS.searched:

    rule list_searches:
        input:
            histories=PATHS.for_rows(HISTORIES, ROWS.searched),
            architectures=PATHS.for_rows(ARCHITECTURES, ROWS.searched),
        output:
            report(
                "<results>/searches.csv",
                caption="../report/searches.rst",
                category="Searches",
            ),
        log:
            "<results>/logs/list_searches.log",
        benchmark:
            "<results>/benchmarks/list_searches.tsv"
        group:
            "report"
        conda:
            "../../environment.yml"
        resources:
            mem_mb=doubling(1500),
            runtime=doubling(10),
        params:
            emotions=config["emotions"],
            code=code_of("list_searches", code.of_names()),
        script:
            "../../scripts/list_searches.py"


for picture in PICTURES:

    rule:
        name:
            f"draw_{picture.name}"
        input:
            [
                PATHS.for_rows(pattern, picture.rows_of(ROWS))
                for pattern in picture.made_from
            ],
        output:
            report(
                PATHS.for_rows(picture.path, picture.rows_of(ROWS)),
                caption=f"../report/{picture.name}.rst",
                category=picture.category,
            ),
        log:
            f"<results>/logs/draw_{picture.name}.log",
        benchmark:
            f"<results>/benchmarks/draw_{picture.name}.tsv"
        group:
            "report"
        conda:
            "../../environment.yml"
        resources:
            mem_mb=doubling(1500),
            runtime=doubling(10),
        params:
            picture=picture.name,
            emotions=config["emotions"],
            stop_at_skips=SETTINGS.search.stop_at_skips,
            figures=to_slice(SETTINGS.figures),
            code=code_of(f"draw_{picture.name}", code.of_names()),
        script:
            "../../scripts/draw_{params.picture}.py"  # read when a job runs, not now
