"""Rajapakshe et al. 2023, "Enhancing speech emotion recognition through differentiable
architecture search": the DARTS CNN-LSTM and its controls, at a small setting on the demo corpus."""

from sernas.experiments.experiment import EXPERIMENTS, Experiment, Published
from sernas.experiments.recipe_of_cells import RECIPE

NAMES = (
    "cnn",
    "cnn_lstm",
    "darts_cnn_c4",
    "darts_cnn_c8",
    *(f"darts_cnn_lstm_c{cells}_l{layers}" for cells in (4, 8) for layers in (1, 2, 3)),
)
FEW = ("cnn", "cnn_lstm", *(f"darts_cnn_lstm_{size}" for size in ("c4_l1", "c4_l2", "c8_l1")))
"""Those of the demo: the controls, the size of the paper's best, one more layer, more cells."""

EXPERIMENTS.add(
    Experiment(
        "rajapakshe2023",
        table="table_darts",
        title="the DARTS table",
        note="Published: Rajapakshe et al. 2023, on IEMOCAP, as context: the authors' public code "
        "evaluates on the fold it selects on.",
        systems=NAMES,
        published={
            ("cnn", "none"): Published(ua=72.58),
            ("cnn_lstm", "none"): Published(ua=56.75),
            # of which cells and layers is not said, but that more of either do worse
            ("darts_cnn_lstm_c4_l1", "darts"): Published(ua=73.18),
        },
        folder="darts",
        changes=RECIPE
        | {
            # the paper has 128 MFCC and 128 frames a segment
            "features": {"hop_ms": 40, "n_mels": 40, "n_mfcc": 32},
            "folds": {"scheme": "speaker", "count": 2, "validation_speakers": 1},
            "systems": list(FEW),
        },
    )
)
