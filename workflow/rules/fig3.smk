# search histories of one system -> Fig. 3 of Wu et al. 2022

FIG3 = ROWS.shown_in_fig3(SETTINGS.figures.system)

if FIG3:

    rule draw_fig3:
        input:
            PATHS.for_rows(HISTORIES, FIG3),
        output:
            csv="<results>/fig3.csv",
            pdf="<results>/fig3.pdf",
            png=report(
                "<results>/fig3.png",
                caption="../report/fig3.rst",
                category="Figure 3",
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
            system=FIG3[0][0],
            figures=to_slice(SETTINGS.figures),
            code=code_of("draw_fig3", code.of_names()),
        script:
            "../../scripts/draw_fig3.py"
