"""What exported files recognise and how long they take, beside the model itself."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from sernas.base.errors import CorpusError
from sernas.base.files import read_csv
from sernas.evaluation.metrics import ua, wa
from sernas.release.onnx_run import Exported

SECONDS = (1, 3, 30)
ROUNDS = 9
OWN = "torch"
"""What the row of the model itself is called."""


def measured(manifest: Path, exported: Mapping[str, Exported]) -> dict[str, dict[str, Any]]:
    """UA and WA in percent of a model and of its files, and how far at most their probabilities are
    from the model's, by the name of each.

    Args:
        manifest: CSV of ``path``, relative to its folder, and ``emotion``; rows of emotions that
            the model does not know do not count.
        exported: files that take the same, by name.

    Raises:
        CorpusError: the manifest has no such columns, or no emotion of the model's.
        AudioError: a recording cannot be used.
    """
    table = read_csv(manifest)
    if missing := {"path", "emotion"} - set(table.columns):
        raise CorpusError(
            f"{manifest}: expected the columns path and emotion, found no {' or '.join(missing)}; "
            "add what is missing"
        )
    [one, *_] = exported.values()
    emotions = one.model.emotions
    table = table[table["emotion"].isin(emotions)]
    if table.empty:
        raise CorpusError(
            f"{manifest}: expected recordings of {', '.join(emotions)}, found none; give a "
            "manifest of these"
        )
    calls = {OWN: one.by_model, **exported}
    found = {name: [] for name in calls}
    for path in tqdm(table["path"], unit="utterance", disable=None):
        inputs = one.inputs_of(manifest.parent / path)
        for name, call in calls.items():
            found[name].append(call(inputs))
    own, rows = np.array(found[OWN]), {}
    for name, probabilities in found.items():
        predicted = [emotions[i] for i in np.argmax(probabilities, 1)]
        rows[name] = {
            "UA": round(100 * ua(table["emotion"], predicted), 2),
            "WA": round(100 * wa(table["emotion"], predicted), 2),
            "apart": float(f"{np.abs(own - probabilities).max():.1e}"),
            "utterances": len(predicted),
        }
    return rows


def timed(exported: Mapping[str, Exported]) -> dict[str, dict[str, Any]]:
    """The time in ms that one core takes for recordings of some lengths, by a model and by its
    files, by the name of each; and what share of its length the longest takes.

    It is the median of the process's own time, to which nothing else on the machine adds. All begin
    where the files do, at samples or at frames, in memory.

    Args:
        exported: files that take the same, each of one thread, by name.
    """
    torch.set_num_threads(1)
    [one, *_] = exported.values()
    rows = defaultdict(dict)
    for seconds in SECONDS:
        inputs = one.noise(seconds)
        for name, call in {OWN: one.by_model, **exported}.items():
            call(inputs)  # the first is slower
            took = np.median([_seconds_of(call, inputs) for _ in range(ROUNDS)])
            rows[name][f"ms of {seconds} s"] = round(1000 * took, 1)
            if seconds == SECONDS[-1]:
                rows[name]["real-time factor"] = float(f"{took / seconds:.2g}")
    return rows


def _seconds_of(call: Callable[[list[np.ndarray]], np.ndarray], inputs: list[np.ndarray]) -> float:
    began = time.process_time()
    call(inputs)
    return time.process_time() - began
