"""Predictions of a trained system as a table."""

from __future__ import annotations

import pandas as pd
import torch

from sernas.evaluation.inference import score
from sernas.folds.segments import UtteranceData
from sernas.models.system import System


def predict(
    system: System, data: UtteranceData, emotions: tuple[str, ...], device: torch.device
) -> pd.DataFrame:
    """``utterance,speaker,emotion,predicted`` and a probability ``p_<emotion>`` for each class."""
    probabilities = torch.softmax(score(system, data, device).double(), 1).numpy()
    table = data.table[["utterance", "speaker", "emotion"]].reset_index(drop=True)
    table["predicted"] = [emotions[i] for i in probabilities.argmax(1)]
    for i, emotion in enumerate(emotions):
        table[f"p_{emotion}"] = probabilities[:, i]
    return table
