# What the rules share: the configuration, path patterns, and what the package's plan says of them.
#
# Rules name their inputs by path, not as rules.x.output: a job on a cluster would look into rule x
# again, and redo it there if the package was edited since.

import sys
from dataclasses import replace
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.pathvars import Pathvars

REPOSITORY = Path(str(workflow.current_basedir), "../..").resolve()
sys.path.append(str(REPOSITORY))  # where the package is not installed

from sernas.base.digests import PACKAGE, code_of_card
from sernas.base.errors import SernasError
from sernas.corpora.registry import label_files
from sernas.corpora.stamp import corpus_stamp
from sernas.experiments.experiment import EXPERIMENTS, of_configuration
from sernas.features.stream import STREAMS
from sernas.plan import code, failures, record, resources, start
from sernas.plan.batches import fold_batches
from sernas.plan.configuration import configure
from sernas.plan.overrides import (
    borrowed,
    changed_for,
    chosen,
    section_of,
    varied,
    variants_of,
)
from sernas.plan.paths import Paths, base_of
from sernas.plan.pictures import (
    ARCHITECTURES,
    HISTORIES,
    MODELS,
    PICTURES,
    PREDICTIONS,
    SCORES,
    SEARCH_COSTS,
    SUMMARIES,
    TRAINING_COSTS,
    TRAINING_HISTORIES,
)
from sernas.plan.resources import doubling, network_mb, network_minutes
from sernas.plan.rows import Rows, one_of
from sernas.plan.streams import caption, streams_of
from sernas.plan.twice import check_keys_once
from sernas.search.ranked import RANKED
from sernas.search.strategy import STRATEGIES, trainer_of
from sernas.settings.slices import to_slice
from sernas.systems.card import SYSTEMS


def checked(function, *arguments):
    """What a function of the package says, or the sentence that it raises."""
    try:
        return function(*arguments)
    except SernasError as error:
        raise WorkflowError(str(error))
    # with --sdm conda there may be little but Snakemake
    except ModuleNotFoundError as error:
        raise WorkflowError(
            f"expected {error.name} beside Snakemake, found none; pip install {error.name}"
        )


# where Snakemake looks, a job looks too: in an environment of its own it finds this very package
sys.path[-1] = str(PACKAGE.parent)

EXPERIMENT = chosen(config, of_configuration()).on(config["corpus"])
BORROWED = borrowed(config)
SETTINGS = checked(configure, config, section_of(EXPERIMENT))
RESULTS = config["pathvars"]["results"]
# Snakemake had the path as it is written, perhaps with ~ or a variable
workflow.pathvars.update(Pathvars.from_module({"results": RESULTS}))
FOLDS = list(SETTINGS.folds.numbers)
BATCHES = fold_batches(FOLDS, config["jobs"]["folds_per_job"])
USED = streams_of(SETTINGS.systems)
ROWS = Rows(SETTINGS.rows)
GPU = config["device"] != "cpu"
K = config["rank_correlation"]  # architectures whose ranks are compared
BASE = base_of(RESULTS, EXPERIMENT)
PATHS = Paths(RESULTS, FOLDS, SETTINGS.seeds_of_runs, BASE, BORROWED)
# a corpus may be moved, and labels and recordings are no inputs: their content is in the stamp
CORPUS = to_slice(replace(SETTINGS.corpus, root=""))
RECORDINGS = f"{BASE}/corpus/recordings.csv"


def code_of(script, *about):
    """A parameter by which an edit of the code of ``scripts/<script>.py`` redoes a rule."""
    return code.rule_code(REPOSITORY / f"scripts/{script}.py", *about)


def stamp_of_corpus(wildcards):
    """A parameter by which another label or recording redoes a rule."""
    return corpus_stamp(SETTINGS.corpus, RECORDINGS, logger.info)


def of_system(section):
    """A parameter: a section of the configuration as it is for a job's system."""
    return lambda wildcards: to_slice(getattr(SETTINGS.of(wildcards.system), section))


wildcard_constraints:
    system="|".join(SYSTEMS),
    strategy=f"{one_of(ROWS.every)['strategy']}|{RANKED}",
    fold=r"\d+",
    seed=r"\d+",


onstart:
    checked(start.check_input, workflow, SETTINGS.corpus, RECORDINGS)
    checked(record.keep_plan, workflow, RESULTS, GPU)


onerror:
    failures.clean_up(workflow, logger.error)
