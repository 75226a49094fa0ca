# What the rules share: the configuration, path patterns, and what the package's plan says of them.
#
# Rules name their inputs by path, not as rules.x.output: a job on a cluster would look into rule x
# again, and redo it there if the package was edited since.

from pathlib import Path

from snakemake.exceptions import WorkflowError

from sernas.base.digests import code_of_card
from sernas.base.errors import SernasError
from sernas.corpora.registry import CORPORA, label_files
from sernas.experiments.experiment import EXPERIMENTS, of_configuration
from sernas.features.stream import STREAMS
from sernas.plan import code, failures, resources, start
from sernas.plan.batches import fold_batches
from sernas.plan.configuration import configure
from sernas.plan.overrides import changed_for, chosen
from sernas.plan.paths import Paths
from sernas.plan.pictures import HISTORIES, PICTURES, PREDICTIONS, SUMMARIES
from sernas.plan.resources import doubling, network_mb, network_minutes
from sernas.plan.rows import Rows, one_of
from sernas.plan.streams import caption, excluded_name, streams_of
from sernas.settings.slices import to_slice
from sernas.systems.card import SYSTEMS


def checked(function, *arguments):
    """What a function of the package says, or the sentence that it raises."""
    try:
        return function(*arguments)
    except SernasError as error:
        raise WorkflowError(str(error))


EXPERIMENT = chosen(config, of_configuration())
SETTINGS = checked(configure, config, EXPERIMENT.folder and EXPERIMENT.name)
RESULTS = config["pathvars"]["results"]
RECORDINGS = Path(
    RESULTS.removesuffix(f"/{EXPERIMENT.folder}"), "corpus/recordings.csv"
)
FOLDS = list(SETTINGS.folds.numbers)
BATCHES = fold_batches(FOLDS, config["jobs"]["folds_per_job"])
USED = streams_of(config["systems"])
ROWS = Rows(SETTINGS.rows)
GPU = config["device"] != "cpu"
PATHS = Paths(RESULTS, FOLDS)


def code_of(script, *about):
    """A parameter by which an edit of the code of ``scripts/<script>.py`` redoes a rule."""
    return code.rule_code(Path(workflow.basedir, f"../scripts/{script}.py"), *about)


wildcard_constraints:
    system="|".join(SYSTEMS),
    strategy="|".join(config["strategies"]),
    fold=r"\d+",


onstart:
    checked(start.check_labels, workflow, SETTINGS.corpus)


onerror:
    failures.clean_up(workflow, logger.error)
