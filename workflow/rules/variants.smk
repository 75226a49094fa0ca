# predictions of the configuration and of its variants -> how far apart they are

VARIED = {
    name: replace(PATHS, results=f"{RESULTS}/variants/{name}")
    for name in variants_of(config)
}

if VARIED:

    rule compare_variants:
        input:
            base=PATHS.for_rows(PREDICTIONS, ROWS.every),
            variants=[
                each.for_rows(PREDICTIONS, ROWS.every) for each in VARIED.values()
            ],
            splits=rules.make_folds.output.splits,
        output:
            csv=report(
                "<results>/variants.csv",
                caption="../report/variants.rst",
                category="Variants",
            ),
            markdown="<results>/variants.md",
        log:
            "<results>/logs/compare_variants.log",
        benchmark:
            "<results>/benchmarks/compare_variants.tsv"
        group:
            "report"
        conda:
            "../../environment.yml"
        resources:
            mem_mb=doubling(1500),
            runtime=doubling(10),
        params:
            names=list(VARIED),
            evaluation=to_slice(SETTINGS.evaluation),
            seed=config["seed"],
            code=code_of("compare_variants", code.of_names()),
        script:
            "../../scripts/compare_variants.py"
