# all that was made of an experiment -> one page that says what was found

TABLE = f"<tables>/{EXPERIMENT.table}.csv"


rule make_report:
    input:
        table=TABLE,
        found=["<results>/provenance.json", *FOUND],
        predictions=PATHS.for_rows(PREDICTIONS, ROWS.every),
        histories=PATHS.for_rows(TRAINING_HISTORIES, ROWS.every),
    output:
        "<results>/report.html",
    log:
        "<results>/logs/make_report.log",
    benchmark:
        "<results>/benchmarks/make_report.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        corpus=SETTINGS.corpus.name,
        paper=EXPERIMENT.name,  # "experiment" is what rules that make its table have
        note=caption(EXPERIMENT.note, USED, SETTINGS),
        system=next(iter(ROWS.shown_in_fig3(SETTINGS.figures.system)), [None])[0],
        code=code_of(
            "make_report",
            code.of_names(),
            sorted(REPOSITORY.glob("workflow/report/*.rst")),
        ),
    script:
        "../../scripts/make_report.py"


EVERY_RESULT = [TABLE, *FOUND, "<results>/report.html"]
