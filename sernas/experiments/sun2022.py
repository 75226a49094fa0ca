"""Sun et al. 2022, "EmotionNAS": handcrafted and deep features, alone and together, at a small
setting on the demo corpus."""

from sernas.experiments.experiment import EXPERIMENTS, Experiment
from sernas.experiments.recipe_of_cells import RECIPE

NAMES = (
    "handcrafted",
    "deep",
    "two_stream_concat",
    "two_stream_mean",
    "two_stream_supplement",
)
FEW = ("handcrafted", "deep", "two_stream_concat", "two_stream_supplement")
"""Those of the demo: each stream alone, the plainest fusion, and the paper's."""

EXPERIMENTS.add(
    Experiment(
        "sun2022",
        table="table_two_stream",
        title="the two-stream table",
        note="The systems are our instantiation of Sun et al. 2022 (EmotionNAS), of which the "
        "abstract is what we have: it has no figures to stand beside ours, and leaves open the "
        "operations, the hand-made genotype (none) and the fusions. Handcrafted: cells on the "
        "spectrogram. Deep: a learned sum over the layers of a frozen speech model, and a cell "
        "along time. Where an architecture is searched, each stream is searched alone, and both "
        "genotypes are then trained together from scratch.",
        systems=NAMES,
        folder="two_stream",
        changes=RECIPE
        | {
            # the paper has 128 x 128 spectrograms, some 11 ms a frame; the demo's are 32 x 64
            "features": {"window": "hamming", "window_ms": 25, "hop_ms": 22, "n_fft": 512},
            "folds": {
                "scheme": "speaker",
                "count": 2,
                "validation_speakers": 1,
                "segment_s": 1.408,
            },
            "systems": list(FEW),
            # an utterance mostly has two segments
            "search": {**RECIPE["search"], "epochs": 2},
            "training": {"epochs": 10},
        },
    )
)
