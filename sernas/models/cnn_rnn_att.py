"""CNN_RNN_att of Wu et al. 2022 (their text also calls it CNN_GRU_att; after Li et al. 2018)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torch import Tensor, cat, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from sernas.models.cnn import CNN
from sernas.models.gru import bidirectional
from sernas.models.mean_over_time import mean_over_steps
from sernas.models.stacked import Stacked, each
from sernas.models.system import initialise
from sernas.operations.mixed_layer import MixedBlocks
from sernas.space.mix import Mix, Mixing

UNITS = 64


class Attention(nn.Module):
    """Attentional pooling (Girdhar and Ramanan, NeurIPS 2017), (..., D) -> (..., classes).

    A class-agnostic bottom-up map times the class-specific top-down maps, over ``channels``.
    """

    def __init__(self, inputs: int, channels: int, n_classes: int):
        super().__init__()
        self.project = nn.Linear(inputs, channels)
        self.bottom_up = nn.Linear(channels, 1)
        self.top_down = nn.Linear(channels, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        h = self.project(x)
        return self.bottom_up(h) * self.top_down(h)


class CNNRNNAttention(Stacked):
    """CNN, a bidirectional GRU of 64 cells a direction, attention whose width is searched.

    The attention sees the last forward and the first backward state. Our rival, ``attention:
    steps`` with as many parameters, sees each step of the GRU; its scores are then averaged.
    """

    def __init__(self, space, inputs, n_classes, settings):
        ((_, n_bins),) = inputs
        super().__init__(space, CNN(space, n_bins, settings.relu == "operation"))
        self.sees_steps = settings.attention == "steps"
        self.dropout = nn.Identity()  # or what training has in its place
        self.gru = nn.GRU(self.encoder.features, UNITS, batch_first=True, bidirectional=True)
        widths = [int(width) for width in space["attention"].candidates]
        self.attention = MixedBlocks([Attention(2 * UNITS, width, n_classes) for width in widths])
        initialise(self)

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """(B, T', D) -> (B, classes)."""
        sequences = self.dropout(sequences)
        if lengths is not None:
            sequences = pack_padded_sequence(
                sequences, lengths, batch_first=True, enforce_sorted=False
            )
        steps, states = self.gru(sequences)  # the last forward and the first backward state
        if not self.sees_steps:
            ends = self.dropout(cat([states[0], states[1]], 1))
            return self.attention(ends, mixing["attention"])
        if lengths is not None:
            steps, _ = pad_packed_sequence(steps, batch_first=True)
        scores = self.attention(self.dropout(steps), mixing["attention"])
        return mean_over_steps(scores, lengths)

    def classify_each(self, networks: Sequence[CNNRNNAttention], sequences: Tensor) -> Tensor:
        """vmap does not know GRUs."""
        steps, states = bidirectional([network.gru for network in networks], sequences)
        attentions = [network.attention for network in networks]
        if self.sees_steps:
            return each(attentions, steps, Mix()).mean(2)
        return each(attentions, states, Mix())

    def classify_pieces(self, pieces: Sequence[Tensor], mixing: Mixing) -> Tensor:
        """The backward direction is of the pieces from the last to the first, encoded once more."""
        (forth, first), (back, last) = self._run(pieces), self._run(reversed(pieces))
        if not self.sees_steps:
            return self.attention(cat([first[0], last[1]], 1), mixing["attention"])
        steps = cat([cat(forth, 1)[..., :UNITS], cat(back[::-1], 1)[..., UNITS:]], 2)
        return self.attention(steps, mixing["attention"]).mean(1)

    def _run(self, pieces: Iterable[Tensor]) -> tuple[list[Tensor], Tensor]:
        """(1, n, 128) steps of each piece, if they are seen, and (2, 1, 64), a state a direction;
        that which meets the pieces in their order counts."""
        steps, states = [], None
        for piece in pieces:
            outputs, states = self.gru(piece, states)
            if self.sees_steps:
                steps.append(outputs)
        return steps, states
