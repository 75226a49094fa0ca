# Helpers of the rules: the settings, the lists that the rules expand, and nothing else.

import yaml

from snakemake.exceptions import WorkflowError

from sernas.config import read_config, to_slice, typed
from sernas.corpora.registry import label_files
from sernas.errors import SernasError
from sernas.provenance import code_digest
from sernas.search.strategies import STRATEGIES, Direct


def read_settings():
    """The settings, from the checked configuration."""
    schema = yaml.safe_load(open(workflow.source_path("../schemas/config.schema.yaml")))
    config.update(typed(config, schema))
    try:
        return read_config(config, schema)
    except SernasError as error:
        raise WorkflowError(str(error))


def corpus_files():
    """What the manifest is made from: the label files, or the folder of the demo corpus."""
    try:
        return label_files(SETTINGS.corpus)
    except SernasError as error:
        raise WorkflowError(str(error))


onstart:
    # here, since a job that fails has lost the results of an earlier run
    from sernas.folds.preflight import check_corpus

    try:
        check_corpus(SETTINGS.corpus, SETTINGS.folds)
    except SernasError as error:
        raise WorkflowError(str(error))


def fold_batches():
    """The folds of each job, by the suffix of the rule's name: one batch needs no suffix."""
    size = config["jobs"]["folds_per_job"]
    batches = [FOLDS[i : i + size] for i in range(0, len(FOLDS), size)]
    if len(batches) == 1:
        return {"": batches[0]}
    return {f"_{'_'.join(map(str, batch))}": batch for batch in batches}


def every_result():
    """What the default target makes."""
    made = [
        "<results>/excluded.csv",
        "<results>/table2.csv",
        "<results>/architectures.csv",
        expand(
            "<results>/confusion/{system}_{nas}.png",
            system=config["systems"],
            nas=config["strategies"],
        ),
    ]
    if SEARCHED:
        made += ["<results>/fig3.csv", "<results>/fig3.png"]
        made.append(
            expand(
                "<results>/architecture_weights/{system}_{nas}.png",
                system=config["systems"],
                nas=SEARCHED,
            )
        )
    return made


SETTINGS = read_settings()
FOLDS = list(SETTINGS.folds.numbers)
DRAWN = [nas for nas in config["strategies"] if isinstance(STRATEGIES[nas], Direct)]
SEARCHED = [nas for nas in config["strategies"] if nas not in DRAWN]
FIGURE_SYSTEM = (
    SETTINGS.figures.system
    if SETTINGS.figures.system in config["systems"]
    else config["systems"][0]
)


wildcard_constraints:
    system="|".join(config["systems"]),
    nas="|".join(config["strategies"]),
    fold=r"\d+",
