"""The table of results in three formats, and what it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sernas.base.costs import Cost
from sernas.base.files import write_csv, write_text
from sernas.experiments.experiment import Experiment
from sernas.features.store import FeatureStore
from sernas.reporting.partial_table import remove_partial
from sernas.reporting.provenance import provenance
from sernas.reporting.result_files import read_predictions, read_summaries
from sernas.reporting.table import results_table
from sernas.reporting.table_text import to_latex, to_markdown
from sernas.settings.reporting import EvaluationSettings


def write_table(
    experiment: Experiment,
    predictions: Sequence[str | Path],
    summaries: Sequence[str | Path],
    costs: Mapping[tuple[str, str], Sequence[Cost]],
    splits: Sequence[str | Path],
    stores: Sequence[str | Path],
    emotions: Sequence[str],
    settings: EvaluationSettings,
    seed: int,
    config: Mapping[str, Any],
    workflow_file: str | Path,
    folder: str | Path,
    origin: str | Path,
    notes: Sequence[str] = (),
) -> None:
    """Write ``<table>.csv``, ``.md`` and ``.tex`` into ``folder``; its provenance to ``origin``.

    A partial table of an earlier run is removed.

    Args:
        predictions: a file of each row and fold.
        summaries: what training says of the same networks.
        costs: what each run took; see :func:`results_table`.
        splits: the folds that the predictions have to fit.
        stores: of all streams.
        emotions: the classes.
        seed: of the bootstrap.
        config: the whole configuration, as run.
        workflow_file: a file of the workflow, by which its git repository is found.
        notes: sentences that the caption ends with.

    Raises:
        FoldError: predictions are not those of the folds' test utterances.
    """
    networks = read_summaries(summaries)
    tested = read_predictions(predictions, splits)
    table = results_table(tested, networks, costs, experiment, emotions, settings, seed)
    with ExitStack() as stack:
        opened = [stack.enter_context(FeatureStore(path)) for path in stores]
        features = [store.settings for store in opened]
        checksum = opened[0].corpus_checksum
    made_from = provenance(config, checksum, features, networks, workflow_file)
    write_text(origin, json.dumps(made_from, indent=1))
    path = Path(folder, f"{experiment.table}.csv")
    for suffix, to_text in ((".md", to_markdown), (".tex", to_latex)):
        text = to_text(table, experiment, settings.confidence, notes)
        write_text(path.with_suffix(suffix), text)
    write_csv(table, path)
    remove_partial(experiment, folder)
