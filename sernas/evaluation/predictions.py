"""Predictions of a trained system as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import torch

from sernas.base.files import write_csv
from sernas.evaluation.inference import score
from sernas.folds.fold import Fold
from sernas.folds.segments import UtteranceData
from sernas.models.model_file import load_to_test
from sernas.models.system import System


def predict(
    system: System, data: UtteranceData, emotions: tuple[str, ...], device: torch.device
) -> pd.DataFrame:
    """``utterance,speaker,emotion,seconds,predicted`` and a probability ``p_<emotion>`` for each
    class."""
    probabilities = torch.softmax(score(system, data, device).double(), 1).numpy()
    table = data.table.reset_index(drop=True)
    table["predicted"] = [emotions[i] for i in probabilities.argmax(1)]
    for i, emotion in enumerate(emotions):
        table[f"p_{emotion}"] = probabilities[:, i]
    return table


def predict_folds(
    folds: Iterable[Fold],
    models: Sequence[str | Path],
    device: torch.device,
    predictions: Sequence[str | Path],
) -> None:
    """Predict the test speakers' whole utterances of some folds.

    Args:
        models: a model file a fold.
        predictions: a CSV file a fold, of what :func:`predict` says.

    Raises:
        SernasError, FoldError: a model cannot be read, or has heard the test speakers.
    """
    for fold, model, out in zip(folds, models, predictions, strict=True):
        network = load_to_test(Path(model), fold).to(device)
        write_csv(predict(network, fold.utterances("test"), fold.emotions, device), out)
