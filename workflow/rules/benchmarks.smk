# nothing but the machine -> how fast the package is on it; asked for by name, no part of rule all

from sernas.benchmarking.measures import MEASURES, measures_on


rule measure_speed:
    output:
        "<results>/speed/{measure}.csv",
    log:
        "<results>/logs/measure_speed/{measure}.log",
    benchmark:
        "<results>/benchmarks/measure_speed/{measure}.tsv"
    wildcard_constraints:
        measure="|".join(MEASURES),
    conda:
        "../../environment.yml"
    # all cores that there are, so that nothing runs beside it; most of it uses one
    threads: 512
    resources:
        gpu=1,
    params:
        device=config["device"],
        code=code_of(
            "measure_speed", lambda wildcards: [MEASURES[wildcards.measure].module]
        ),
    script:
        "../../scripts/measure_speed.py"


rule collect_benchmarks:
    input:
        expand("<results>/speed/{measure}.csv", measure=measures_on(config["device"])),
    output:
        "<results>/benchmarks.csv",
    log:
        "<results>/logs/collect_benchmarks.log",
    benchmark:
        "<results>/benchmarks/collect_benchmarks.tsv"
    conda:
        "../../environment.yml"
    params:
        code=code_of("collect_benchmarks"),
    script:
        "../../scripts/collect_benchmarks.py"


rule draw_benchmarks:
    input:
        "<results>/benchmarks.csv",
    output:
        report(
            "<results>/benchmarks.png",
            caption="../report/benchmarks.rst",
            category="Benchmarks",
        ),
    log:
        "<results>/logs/draw_benchmarks.log",
    benchmark:
        "<results>/benchmarks/draw_benchmarks.tsv"
    conda:
        "../../environment.yml"
    params:
        dpi=SETTINGS.figures.dpi,
        code=code_of("draw_benchmarks"),
    script:
        "../../scripts/draw_benchmarks.py"
