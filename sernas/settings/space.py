"""Readings of the search space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sernas.settings.key import in_tuples, key


@dataclass(frozen=True)
class SpaceSettings:
    """Readings of the search space (Table 1 of Wu et al. 2022), and other candidates than its."""

    conv2d_2: str = key(
        "transposed",
        "candidates of Conv2d_2",
        values={"transposed": "those of Conv2d_1", "printed": "Table 1 to the letter"},
        redoes="search",
    )
    relu: str = key(
        "mixture",
        "where the ReLU stands",
        values={"mixture": "after that of the candidates", "operation": "inside each, slower"},
        redoes="search",
    )
    attention: str = key(
        "states",
        "what the attention of `cnn_rnn_att` sees",
        more="As many parameters. After a second of silence the end states have little to say",
        values={"states": "the two end states of the GRU", "steps": "all of its steps"},
        redoes="search",
    )
    routing: str = key(
        "sum",
        "what the utterance's capsules of `cnn_seqcap` are made of",
        more="The sum grows with the utterance, until all capsules have a length of about 1",
        values={"sum": "the windows' sum", "mean": "their mean"},
        redoes="search",
    )
    layers: str = key(
        "sum",
        "beyond the papers: what the deep stream reads of a speech model",
        values={
            "sum": "the sum of its layers, by learned weights",
            "all": "its layers side by side, of whose values training leaves out half",
        },
        redoes="search",
    )
    beside: str = key(
        "none",
        "beyond the papers: what decides beside a network",
        values={
            "none": "nothing",
            "linear": "the linear baseline of what it takes: `linear_embeddings` of a speech "
            "model's layers, else `linear` of a spectrogram. The mean of both decisions counts",
        },
        redoes="search",
    )
    over_time: str = key(
        "mean",
        "beyond the papers: what the streams of Sun et al. 2022 make of their steps",
        values={"mean": "their mean", "mean_std": "mean and deviation"},
        redoes="search",
    )
    candidates: Mapping[str, tuple[str, ...]] = key(
        {},
        "a layer's candidates by name, in place of the paper's: `{conv2d_1: [2x8, 8x2]}`",
        more="By the name of a layer (`conv2d_1`, ..., `dense`, `attention`), or of a kind of cell "
        "(`normal`, `reduction`, `deep`)",
        fewest=1,
        distinct=True,
        redoes="search",
    )

    def __post_init__(self):
        object.__setattr__(self, "candidates", in_tuples(self.candidates))
