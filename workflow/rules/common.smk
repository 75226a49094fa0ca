# Helpers of the rules: the settings, the lists that the rules expand, and what jobs ask a scheduler
# for.
#
# Rules name their inputs by path, not as rules.x.output: a job on a cluster would look into rule x
# again, and redo it there if the package was edited since.

import copy
import itertools
import math
from dataclasses import replace
from pathlib import Path

import yaml

from snakemake.exceptions import WorkflowError
from snakemake.utils import update_config

from sernas.plan.configuration import TINY_MODEL, read_config, typed
from sernas.settings.slices import from_slice, to_slice
from sernas.corpora.registry import label_files
from sernas.base.errors import SernasError
from sernas.base.jobs import last_error
from sernas.base.digests import code_digest
from sernas.reporting.papers import PAPERS
from sernas.search.joined import parts_of
from sernas.search.strategies import STRATEGIES, Direct
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.folds import FoldSettings
from sernas.space.cells import are_edges, kinds_of
from sernas.space.rajapakshe2023 import SEARCHED as SEARCHED_SIZES
from sernas.space.registry import search_space, streams
from sernas.space.sun2022 import CELLS as TWO_STREAM_CELLS


def read_settings(config, prefix=""):
    """The settings of a configuration, which is checked, and its text made numbers."""
    config.update(typed(config, SCHEMA))
    try:
        return read_config(config, SCHEMA)
    except SernasError as error:
        raise WorkflowError(f"{prefix}{error}")


def overridden(section):
    """The configuration of another experiment: this one's, but for what its section says."""
    changed = copy.deepcopy(config)
    update_config(changed, changed[section])
    changed |= dict.fromkeys(SECTIONS, {})
    changed["pathvars"] = {"results": f"{RESULTS}/{section}"}
    read_settings(changed, f"in the section {section}, ")
    return changed


def corpus_files():
    """What the manifest is made from: the label files, or the folder of the demo corpus."""
    try:
        return label_files(SETTINGS.corpus)
    except SernasError as error:
        raise WorkflowError(str(error))


onstart:
    # here, since a job that fails has lost the results of an earlier run
    from sernas.folds.preflight import check_corpus

    # those of the experiments that this run is about, under whatever name modules give the rule
    folds = dict.fromkeys(
        from_slice(FoldSettings, job.params.settings)
        for job in workflow.dag.needrun_jobs()
        if job.rule.name.endswith("make_folds")
    )
    try:
        check_corpus(SETTINGS.corpus, *folds)
    except SernasError as error:
        raise WorkflowError(str(error))


def failed_jobs():
    """The jobs of this run that failed, each of a group by itself."""
    failed = set()
    for job in workflow.scheduler.failed:
        failed.update(job if job.is_group() else [job])
    return failed


def have_orphans_redone():
    """Mark older results of what failed as incomplete, so that the next run redoes them.

    Snakemake has removed what they were made from, and does not miss it: it would take them for up
    to date, and put rows of two settings into one table.
    """
    failed = failed_jobs()
    for job in workflow.dag.bfs(workflow.dag.depending, *failed):
        if job not in failed:
            workflow.persistence.started(job)


def why_not_made(job):
    """Why each file that a job waits for was not made in this run: a sentence by its path."""
    dag, failed, reasons = workflow.dag, failed_jobs(), {}
    unmade = set(dag.needrun_jobs())
    for maker in unmade.intersection(dag.dependencies[job]):
        awaited = dag.bfs(dag.dependencies, maker, stop=dag.noneedrun_finished)
        logs = [each.log[0] for each in reversed(list(awaited)) if each in failed]
        # the first on the way from the corpus: behind it are only logs of earlier runs
        ended = f"killed, or ended without an error in {logs[0]}" if logs else "not run"
        reason = next(filter(None, map(last_error, logs)), ended)
        reasons.update(dict.fromkeys(map(str, maker.output), reason))
    return reasons


def keep_partial_tables():
    """Write and tell what there is of each table that was asked for and not made.

    The jobs that make one are those with a paper among their parameters.
    """
    from sernas.reporting.partial_table import keep_partial, partial_table

    for job in workflow.dag.needrun_jobs():
        if "paper" in job.rule.params.keys():
            params = job.params
            paper = replace(PAPERS[params.paper], note=params.note)
            settings = from_slice(EvaluationSettings, params.evaluation)
            table = partial_table(
                map(str, job.input.predictions),
                map(str, job.input.summaries),
                map(str, job.input.splits),
                why_not_made(job),
                paper,
                params.emotions,
                settings,
                params.seed,
            )
            folder = Path(job.output.csv).parent
            told = keep_partial(table, paper, folder, settings.confidence)
            logger.error("\n".join(told))


onerror:
    for step in (have_orphans_redone, keep_partial_tables):
        try:
            step()
        except Exception as error:
            # whatever it is, it must not stand before why the run ended
            logger.error(f"{step.__name__} could not be done: {error!r}")


def stores_of_system(wildcards):
    """The stores that a network reads, stream by stream."""
    return [f"{RESULTS}/{STORES[stream]}.h5" for stream in streams(wildcards.system)]


def statistics_of_system(folds):
    """What normalises a network's input: of each fold the statistics of all its streams."""
    pattern = f"{RESULTS}/folds/fold{{fold}}{{stream}}.npz"

    def files(wildcards):
        own = [STATISTICS[stream] for stream in streams(wildcards.system)]
        return expand(pattern, fold=folds, stream=own)

    return files


def found_for_parts(folds):
    """What searches of each stream alone found: of each stream all of these folds."""
    pattern = f"{RESULTS}/search/{{part}}/{{nas}}/fold{{fold}}.json"

    def files(wildcards):
        parts = parts_of(wildcards.system)
        return expand(pattern, part=parts, nas=wildcards.nas, fold=folds)

    return files


def excluded_from(stream):
    """The list of what a store leaves out; it is that of the experiment if there is no other."""
    name = "" if STREAMS == [stream] else f"{STORES[stream]}_"
    return f"<results>/{name}excluded.csv"


def table_note():
    """What the caption of the table says of the paper, and of the speech model if one is used."""
    if "embeddings" not in STREAMS:
        return PAPER.note
    model = SETTINGS.embeddings.model
    known = "a tiny one of random weights, which knows no speech"
    return f"{PAPER.note} Speech model: {known if model == TINY_MODEL else model}."


def model_files():
    """The speech model, where it is in a folder."""
    model = SETTINGS.embeddings.model
    return [model] if model == TINY_MODEL or Path(model).is_dir() else []


def fold_batches():
    """The folds of each job, by the suffix of the rule's name: one batch needs no suffix."""
    size = config["jobs"]["folds_per_job"]
    batches = [FOLDS[i : i + size] for i in range(0, len(FOLDS), size)]
    if len(batches) == 1:
        return {"": batches[0]}
    return {f"_{'_'.join(map(str, batch))}": batch for batch in batches}


def resume_folder(stage, suffix):
    """Where jobs keep checkpoints. It is no output: Snakemake removes those of jobs that fail."""
    return f"{RESULTS}/resume/{stage}/{{system}}_{{nas}}{suffix}"


def for_rows(pattern, rows):
    """The files of rows of the table: ``pattern`` with system and nas, and perhaps fold."""
    files = [expand(pattern, system=s, nas=nas, fold=FOLDS) for s, nas in rows]
    return list(itertools.chain.from_iterable(files))


def fig3_system():
    """figures.system, or the first system where that one is not searched; None: nothing is."""
    systems = [system for system, _ in SEARCHED]
    if SETTINGS.figures.system in systems:
        return SETTINGS.figures.system
    return systems[0] if systems else None


def every_result():
    """What a target for all of an experiment makes."""
    return [
        f"<tables>/{PAPER.table}.csv",
        "<results>/excluded.csv",
        "<results>/architectures.csv",
        for_rows("<results>/confusion/{system}_{nas}.png", ROWS),
        for_rows("<results>/architecture_weights/{system}_{nas}.png", SEARCHED),
        for_rows("<results>/cells/{system}_{nas}/fold{fold}.png", CELLS),
        for_rows("<results>/collapse/{system}_{nas}.png", SEARCHED_CELLS),
    ]


def doubling(amount):
    """A resource that doubles with every attempt: ``amount``, or what it says of the wildcards."""

    def resource(wildcards, attempt):
        first = amount(wildcards) if callable(amount) else amount
        return first * 2 ** (attempt - 1)

    return resource


def cells_of(system):
    """How many cells a network has for spectrograms; 0: it is of layers, or takes none."""
    if system in SEARCHED_SIZES:
        return SEARCHED_SIZES[system].cells
    of_cells = "normal" in kinds_of(search_space(system).layers)
    return TWO_STREAM_CELLS if of_cells else 0


def takes_embeddings(system):
    """Whether a network takes a speech model's hidden states."""
    return "embeddings" in streams(system)


def network_mb(searching=False):
    """Memory of a job that runs a network: a process with torch, and a step's activations."""
    frames = SETTINGS.features.frames(SETTINGS.folds.segment_s)
    spectrogram = SETTINGS.features.n_bins * frames * 4 / 2**20
    of_cell = 1150 if searching else 250  # times as large as the spectrogram
    # 13 layers of 768 values every 20 ms: a speech model of base size
    hidden = 13 * 768 * 50 * SETTINGS.folds.segment_s * 4 / 2**20

    def megabytes(wildcards):
        times = 100 + of_cell * cells_of(wildcards.system)
        segment = times * spectrogram + 10 * hidden * takes_embeddings(wildcards.system)
        return math.ceil(2000 + segment * SETTINGS.optimisation.batch_size)

    return megabytes


def network_minutes(folds, epochs, searching=False):
    """Time of a job that takes so many epochs, or those that the wildcards say, on each fold."""
    of_paper = 3 if GPUS else 12  # an epoch of IEMOCAP with 4096 bins
    of_cell = (0.5 if GPUS else 13) / (1 if searching else 10)  # with 128 bins
    of_hidden = 0.5 if GPUS else 8
    n_bins = SETTINGS.features.n_bins

    def minutes(wildcards):
        number = epochs(wildcards) if callable(epochs) else epochs
        of_cells = of_cell * cells_of(wildcards.system) * n_bins / 128
        of_epoch = of_paper * n_bins / 4096 + of_cells
        of_epoch += of_hidden * takes_embeddings(wildcards.system)
        return math.ceil(10 + len(folds) * number * of_epoch)

    return minutes


def training_epochs(wildcards):
    """Of all candidates in a fold: ``random`` trains several."""
    candidates = config["random_candidates"] if wildcards.nas == "random" else 1
    return candidates * SETTINGS.training.epochs


SCHEMA = yaml.safe_load(open(workflow.source_path("../schemas/config.schema.yaml")))
SECTIONS = ["darts", "two_stream"]  # of the configuration, for other experiments
SETTINGS = read_settings(config)
RESULTS = config["pathvars"]["results"]
PAPER = PAPERS[EXPERIMENT]
FOLDS = list(SETTINGS.folds.numbers)
STORES = {"spectrogram": "features", "embeddings": "embeddings"}  # by stream, files
STATISTICS = {"spectrogram": "", "embeddings": "_embeddings"}  # behind a fold's number
STREAMS = [s for s in STORES if any(s in streams(name) for name in config["systems"])]
ROWS = SETTINGS.rows
DRAWN = [(system, nas) for system, nas in ROWS if isinstance(STRATEGIES[nas], Direct)]
JOINED = [row for row in ROWS if row not in DRAWN and parts_of(row[0])]
SEARCHED = [row for row in ROWS if row not in DRAWN + JOINED]
TO_SEARCH = SEARCHED + [
    (part, nas) for system, nas in JOINED for part in parts_of(system)
]
CELLS = [
    (system, nas) for system, nas in ROWS if are_edges(search_space(system).layers)
]
SEARCHED_CELLS = [row for row in CELLS if row in SEARCHED]
GPUS = int(config["device"] != "cpu")  # of a job that runs a network


wildcard_constraints:
    system="|".join(sorted({system for system, _ in [*ROWS, *TO_SEARCH]})),
    nas="|".join(config["strategies"]),
    fold=r"\d+",
