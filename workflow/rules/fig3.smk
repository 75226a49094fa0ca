# search histories of one system -> Fig. 3 of Wu et al. 2022


FIG3_SYSTEM = fig3_system()


rule draw_fig3:
    input:
        for_rows(
            "<results>/search/{system}/{nas}/fold{fold}.csv",
            [row for row in SEARCHED if row[0] == FIG3_SYSTEM],
        ),
    output:
        csv="<results>/fig3.csv",
        pdf="<results>/fig3.pdf",
        png=report(
            "<results>/fig3.png", caption="../report/fig3.rst", category="Figure 3"
        ),
    log:
        "<results>/logs/draw_fig3.log",
    benchmark:
        "<results>/benchmarks/draw_fig3.tsv"
    group:
        "report"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=doubling(1500),
        runtime=doubling(10),
    params:
        system=FIG3_SYSTEM,
        figures=to_slice(SETTINGS.figures),
        code=code_digest("sernas.reporting.fig3", "sernas.reporting.result_files"),
    script:
        "../../scripts/draw_fig3.py"
