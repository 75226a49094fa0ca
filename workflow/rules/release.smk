# trained networks -> a model to take away, with a card that says what it is

from sernas.plan.released import BEST, MODELS, released

RELEASED = released(ROWS.every)


rule release_model:
    input:
        models=lambda wildcards: PATHS.for_rows(MODELS, RELEASED[wildcards.name]),
        summaries=lambda wildcards: PATHS.for_rows(SUMMARIES, RELEASED[wildcards.name]),
        predictions=lambda wildcards: PATHS.for_rows(
            PREDICTIONS, RELEASED[wildcards.name]
        ),
        splits=rules.make_folds.output.splits,
        stores=PATHS.stores(USED),
        statistics=PATHS.statistics(FOLDS, USED),
    output:
        multiext(
            "<results>/models/{name}/", "README.md", "config.json", "model.safetensors"
        ),
    log:
        "<results>/logs/release_model/{name}.log",
    benchmark:
        "<results>/benchmarks/release_model/{name}.tsv"
    wildcard_constraints:
        name="|".join(RELEASED),
    # of no group: a cluster's profile may tell jobs for a GPU by their wildcards
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
        code=code_of(
            "release_model",
            code.of_names(),
            code.of_corpus(SETTINGS.corpus.name),
            code.of_systems(ROWS.every),
        ),
    script:
        "../../scripts/release_model.py"
