"""A model that a run trained -> a folder to take away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

import pandas as pd

from sernas.corpora.registry import CORPORA
from sernas.experiments.experiment import in_paper_order
from sernas.features.store import FeatureStore
from sernas.folds.shared_utterances import shared_utterances
from sernas.folds.statistics import Statistics
from sernas.models.model_file import Description, load_model
from sernas.release.about import About, NetworkAbout
from sernas.release.card import card
from sernas.release.model import Network
from sernas.release.package import write_package
from sernas.reporting.provenance import versions
from sernas.reporting.result_files import read_predictions, read_summaries
from sernas.reporting.table import measured
from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.reporting import EvaluationSettings
from sernas.systems.card import SYSTEMS

Row = tuple[str, str]
FIGURES = ("wa", "ua", "ua_low", "ua_high", "speakers")
"""Of the table. An interval that cannot be told is left out."""


def release(
    folder: str | Path,
    models: Sequence[str | Path],
    summaries: Sequence[str | Path],
    predictions: Sequence[str | Path],
    splits: Sequence[str | Path],
    stores: Mapping[str, str | Path],
    statistics: Mapping[str, Mapping[int, str | Path]],
    corpus: CorpusSettings,
    folds: FoldSettings,
    evaluation: EvaluationSettings,
    seed: int,
) -> None:
    """Release the best of some rows: all of its networks, whose softmax scores are averaged.

    It is the one with the highest mean accuracy on validation speakers: no test figure chooses.

    Args:
        folder: of the model, which has its name.
        models: a file of each run of each row.
        summaries: what training says of these runs, in the same order.
        predictions: of their test speakers, in any order.
        splits: the folds.
        stores: by the streams that the rows take, and perhaps others.
        statistics: by stream and fold.
        corpus: whose ``root`` may be blank.
        seed: of the bootstrap.

    Raises:
        SernasError: a file cannot be read, or is not of the same folds.
    """
    runs = read_summaries(summaries)
    chosen, why = choose(runs)
    own = [
        (summary, Path(model))
        for summary, model in zip(runs, models, strict=True)
        if _row(summary) == chosen
    ]
    streams = SYSTEMS[chosen[0]].streams
    networks, of_networks = [], []
    for summary, path in own:
        system, description = load_model(path)
        normal = tuple(Statistics.load(statistics[s][summary["fold"]]) for s in streams)
        networks.append(Network(system, normal))
        of_networks.append(_about_network(summary, description, normal[0]))
    tested = read_predictions(predictions, splits)[chosen]
    cells, _ = measured(
        tested, [summary for summary, _ in own], (), description.emotions, evaluation, seed
    )
    opened = [FeatureStore(stores[stream]) for stream in streams]
    about = About(
        Path(folder).name,
        *chosen,
        description.emotions,
        streams,
        description.inputs,
        tuple(asdict(store.settings) for store in opened),
        asdict(description.space),
        asdict(folds),
        {"silence_db": corpus.silence_db, "trim_db": corpus.trim_db},
        tuple(of_networks),
        {
            **{name: cells[name] for name in FIGURES if math.isfinite(cells[name])},
            "utterances": len(pd.concat(tested)["utterance"].unique()),
            "confidence": evaluation.confidence,
        },
        _about_corpus(corpus.name, opened, description.emotions),
        why,
        versions(),
    )
    write_package(folder, about, networks, card(about))


def choose(runs: Iterable[Mapping[str, Any]]) -> tuple[Row, str]:
    """The row whose runs have the highest mean ``validation_wa``, the first of equals in the order
    of the table, and a sentence that says so."""
    by_row: dict[Row, list[float]] = {}
    for run in runs:
        by_row.setdefault(_row(run), []).append(run["validation_wa"])
    rows = in_paper_order(by_row)
    if len(rows) == 1:
        return rows[0], "This row of the table was asked for by its name."
    best = max(rows, key=lambda row: fmean(by_row[row]))
    return best, (
        f"Of the {len(rows)} rows of the table it is the one with the highest mean accuracy on the "
        f"validation speakers, {100 * fmean(by_row[best]):.1f}%; no test figure has chosen it."
    )


def _row(run: Mapping[str, Any]) -> Row:
    return run["system"], run["strategy"]


def _about_network(
    run: Mapping[str, Any], description: Description, statistics: Statistics
) -> NetworkAbout:
    validation = tuple(sorted(set(description.speakers) - set(statistics.speakers)))
    return NetworkAbout(
        run["seed"],
        run["fold"],
        description.architecture,
        run["params"],
        description.speakers if run["on_both"] else statistics.speakers,
        validation,
        run["validation_wa"],
    )


def _about_corpus(
    name: str, stores: Sequence[FeatureStore], emotions: Sequence[str]
) -> dict[str, Any]:
    parser, index = CORPORA[name], shared_utterances(stores)
    used = index[index["emotion"].isin(emotions)]
    return {
        "name": name,
        "about": parser.about,
        "language": parser.language,
        "licence": parser.licence,
        "url": parser.url,
        "checksum": stores[0].corpus_checksum,
        "speakers": int(used["speaker"].nunique()),
        "utterances": len(used),
        "hours": round(float(used["seconds"].sum()) / 3600, 2),
    }
