"""A system of your own: the CNN of Wu et al. 2022 and a Transformer encoder (Vaswani et al. 2017).

    snakemake --cores 2 --config plugins='[examples/system.py]' systems='[cnn_transformer]' \
        strategies='[none, dropout]' figures='{system: cnn_transformer}'

The CNN's four convolutions are searched: 1296 architectures. Positions are not encoded, so that
utterances may have any length.
"""

import torch
from torch import Tensor, nn

from sernas.models.cnn import CNN
from sernas.models.mean_over_time import mean_over_steps
from sernas.models.system import Inputs, OneStream, initialise
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing
from sernas.space.table1 import cnn_choices
from sernas.systems.card import SYSTEMS, SystemCard

WIDTH, HEADS, LAYERS, DROPOUT = 64, 4, 2, 0.1


def space(settings: SpaceSettings) -> SearchSpace:
    """The convolutions of Table 1."""
    return SearchSpace(cnn_choices(settings))


class CNNTransformer(OneStream):
    """CNN, a linear layer, two layers of self-attention, the mean over time, a dense layer."""

    def __init__(self, space: SearchSpace, inputs: Inputs, n_classes: int, settings: SpaceSettings):
        ((_, n_bins),) = inputs
        super().__init__(space, CNN(space, n_bins, settings.relu == "operation"))
        initialise(self.encoder)
        self.project = nn.Linear(self.encoder.features, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, DROPOUT, batch_first=True)
        self.transformer = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.dense = nn.Linear(WIDTH, n_classes)

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """(B, T', D) -> (B, classes); steps behind an utterance's own are not attended to."""
        padding = None
        if lengths is not None:
            padding = (torch.arange(sequences.shape[1]) >= lengths[:, None]).to(sequences.device)
        steps = self.transformer(self.project(sequences), src_key_padding_mask=padding)
        return self.dense(mean_over_steps(steps, lengths))


SYSTEMS.add(SystemCard("cnn_transformer", "CNN and Transformer", space, CNNTransformer))
