import pandas as pd
import pytest
import torch
from shared import once

from sernas.benchmarking import card_steps, epochs
from sernas.benchmarking.measures import MEASURES, measures_on
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import Size
from sernas.settings.corpus import DemoSettings

SMALL, SMALLEST = Size(32, 1, 48), Size(16, 1, 24)
FEW_FRAMES = {"hop_ms": 100, "n_fft": 1024, "f_max": 8000, "n_mels": 32, "n_mfcc": None}
TINY = {
    "supernet_step": {"sizes": [SMALL]},
    "supernet_step_printed": {"sizes": [SMALL]},
    "cell_step": {"systems": ["darts_cnn_c4"], "size": SMALL},
    "convolutions": {"side": 64, "shape": (8, 10)},
    "precision": {"sizes": [SMALL]},
    "extraction": {"seconds": [0.5], "n_bins": 160},
    "extraction_end_to_end": {"seconds": [0.5, 0.5], "n_bins": 160},
    "segment_reading": {"sizes": [Size(160, 1)]},
    "checkpoints": {
        "sizes": [Size(32, 8, 48)],
        "demo": DemoSettings(utterances_per_emotion=1, seconds=(0.5, 0.6), difficulty=1, seed=1),
    },
    "evaluation": {"cases": [("cnn_rnn_att", 32, 2), ("cnn_seqcap", 32, 2)]},
    "growth_bins": {"values": [32, 64], "fixed": SMALL},
    "growth_batch": {"values": [1, 2], "fixed": SMALL},
    "growth_seconds": {"values": [1, 2], "fixed": SMALL},
    "growth_candidates": {"values": [1, 2], "fixed": SMALL},
    "card": {"systems": ["cnn_seqcap"], "size": SMALL},
    "steps": {"measured": card_steps.Measured(("cnn_rnn_att",), (SMALL,), ("bfloat16", "float32"))},
    "steps_of_cells": {
        "measured": card_steps.Measured(("darts_cnn_c4",), (SMALLEST,), ("float32",))
    },
    "epochs_table2": {
        "measured": epochs.Measured(("cnn_seqcap",), 1 / 1000),
        "changes": {"features": FEW_FRAMES, "systems": ["cnn_seqcap"]},
    },
    "small_networks": {
        "share": 1 / 1000,
        "changes": {"features": FEW_FRAMES, "training": {"epochs": 1}},
    },
    "epochs_table_darts": {
        "measured": epochs.Measured(("cnn_lstm", "darts_cnn_lstm_c4_l1"), 1 / 1000),
        "changes": {"features": FEW_FRAMES, "systems": ["cnn", "darts_cnn_c4"]},
    },
}


@pytest.fixture(scope="session")
def tiny_sizes():
    """What makes each measure tiny."""
    return TINY


class Measured(dict):
    """The table of each measure by its name, taken at a tiny size when it is asked for."""

    def __init__(self, tmp_path_factory):
        super().__init__()
        self.factory = tmp_path_factory

    def __missing__(self, name):
        def make(path):
            torch.set_num_threads(1)
            options = Options(torch.device("cpu"), threads=1, cores=2, rounds=2)
            MEASURES[name](options, **TINY[name]).to_pickle(path)

        return self.setdefault(name, pd.read_pickle(once(self.factory, f"measured_{name}", make)))


@pytest.fixture(scope="session")
def measured(tmp_path_factory):
    return Measured(tmp_path_factory)


@pytest.fixture
def collected(measured):
    """What the workflow collects on a CPU."""
    return pd.concat([measured[name] for name in measures_on("cpu")], ignore_index=True)
