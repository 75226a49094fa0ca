# trained networks -> a model to take away, with a card that says what it is

from sernas.plan.released import BEST, released

CODE_OF_RELEASES = code_of(
    "release_model",
    code.of_names(),
    code.of_corpus(SETTINGS.corpus.name),
    code.of_systems(ROWS.every),
)

# a rule each, not a wildcard: a cluster's profile may tell jobs for a GPU by these
for name, rows in released(ROWS.every).items():

    rule:
        name:
            f"release_{name}"
        input:
            models=PATHS.for_rows(MODELS, rows),
            summaries=PATHS.for_rows(SUMMARIES, rows),
            predictions=PATHS.for_rows(PREDICTIONS, rows),
            splits=rules.make_folds.output.splits,
            stores=PATHS.stores(USED),
            statistics=PATHS.statistics(FOLDS, USED),
        output:
            multiext(
                f"<results>/models/{name}/",
                "README.md",
                "config.json",
                "model.safetensors",
            ),
        log:
            f"<results>/logs/release/{name}.log",
        benchmark:
            f"<results>/benchmarks/release/{name}.tsv"
        group:
            "report"
        conda:
            "../../environment.yml"
        resources:
            mem_mb=doubling(1500),
            runtime=doubling(10),
        params:
            streams=USED,
            numbers=FOLDS,
            corpus=CORPUS,
            folds=to_slice(SETTINGS.folds),
            evaluation=to_slice(SETTINGS.evaluation),
            seed=config["seed"],
            code=CODE_OF_RELEASES,
        script:
            "../../scripts/release_model.py"
