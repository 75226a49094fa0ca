# predictions, architectures and histories -> tables and figures


rule make_table:
    input:
        predictions=for_rows(
            "<results>/predictions/{system}/{nas}/fold{fold}.csv", ROWS
        ),
        summaries=for_rows("<results>/models/{system}/{nas}/fold{fold}.json", ROWS),
        splits=rules.make_folds.output.splits,
        stores=[f"<results>/{STORES[stream]}.h5" for stream in STREAMS],
    output:
        csv=report(
            f"<tables>/{PAPER.table}.csv",
            caption="../report/table.rst",
            category=PAPER.title,
        ),
        markdown=f"<tables>/{PAPER.table}.md",
        latex=f"<tables>/{PAPER.table}.tex",
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
        paper=EXPERIMENT,
        note=table_note(),
        emotions=config["emotions"],
        evaluation=to_slice(SETTINGS.evaluation),
        seed=config["seed"],
        code=code_digest(
            "sernas.reporting.result_files",
            "sernas.reporting.papers",
            "sernas.reporting.partial_table",
            "sernas.reporting.provenance",
            "sernas.reporting.table",
            "sernas.reporting.table_text",
        ),
    script:
        "../../scripts/make_table.py"


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
        code=code_digest("sernas.reporting.architectures", "sernas.reporting.result_files"),
    script:
        "../../scripts/list_architectures.py"


rule draw_architecture_weights:
    input:
        for_rows("<results>/search/{system}/{nas}/fold{fold}.csv", SEARCHED),
    output:
        report(
            for_rows("<results>/architecture_weights/{system}_{nas}.png", SEARCHED),
            caption="../report/weights.rst",
            category="Architecture weights",
        ),
    log:
        "<results>/logs/draw_architecture_weights.log",
    benchmark:
        "<results>/benchmarks/draw_architecture_weights.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        figures=to_slice(SETTINGS.figures),
        code=code_digest(
            "sernas.reporting.architecture_weights",
            "sernas.reporting.result_files",
            "sernas.reporting.papers",
        ),
    script:
        "../../scripts/draw_architecture_weights.py"


rule draw_confusion:
    input:
        rules.make_table.input.predictions,
    output:
        report(
            for_rows("<results>/confusion/{system}_{nas}.png", ROWS),
            caption="../report/confusion.rst",
            category="Confusion matrices",
        ),
    log:
        "<results>/logs/draw_confusion.log",
    benchmark:
        "<results>/benchmarks/draw_confusion.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        emotions=config["emotions"],
        figures=to_slice(SETTINGS.figures),
        code=code_digest(
            "sernas.reporting.confusion",
            "sernas.reporting.result_files",
            "sernas.reporting.papers",
        ),
    script:
        "../../scripts/draw_confusion.py"


rule draw_cells:
    input:
        for_rows("<results>/models/{system}/{nas}/fold{fold}.json", CELLS),
    output:
        report(
            for_rows("<results>/cells/{system}_{nas}/fold{fold}.png", CELLS),
            caption="../report/cells.rst",
            category="Cells",
        ),
    log:
        "<results>/logs/draw_cells.log",
    benchmark:
        "<results>/benchmarks/draw_cells.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        figures=to_slice(SETTINGS.figures),
        code=code_digest(
            "sernas.reporting.cells",
            "sernas.reporting.result_files",
            "sernas.reporting.papers",
        ),
    script:
        "../../scripts/draw_cells.py"


rule draw_collapse:
    input:
        for_rows("<results>/search/{system}/{nas}/fold{fold}.csv", SEARCHED_CELLS),
    output:
        report(
            for_rows("<results>/collapse/{system}_{nas}.png", SEARCHED_CELLS),
            caption="../report/collapse.rst",
            category="Collapse",
        ),
    log:
        "<results>/logs/draw_collapse.log",
    benchmark:
        "<results>/benchmarks/draw_collapse.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        stop_at_skips=SETTINGS.search.stop_at_skips,
        figures=to_slice(SETTINGS.figures),
        code=code_digest(
            "sernas.reporting.collapse",
            "sernas.reporting.result_files",
            "sernas.reporting.papers",
        ),
    script:
        "../../scripts/draw_collapse.py"
