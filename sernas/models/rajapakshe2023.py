"""The systems of Rajapakshe et al. 2023: a CNN alone, or an LSTM behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor, nn

from sernas.models.cell_cnn import CellCNN
from sernas.models.chunks import mean_over_pieces
from sernas.models.drawn_by_name import drawn_by_name
from sernas.models.hand_made_cnn import HandMadeCNN
from sernas.models.mean_over_time import Averaged, mean_over_steps
from sernas.models.system import Inputs, OneStream, System
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing

UNITS = 256


class CNNLSTM(OneStream):
    """A CNN, an LSTM of 256 units over time, the mean over its steps, and a dense layer.

    The authors' public code runs the LSTM along the batch; ours runs along each utterance.
    """

    def __init__(self, space: SearchSpace, cnn: nn.Module, n_classes: int, layers: int):
        super().__init__(space, cnn)
        self.lstm = nn.LSTM(cnn.features, UNITS, layers, batch_first=True)
        self.dense = nn.Linear(UNITS, n_classes)

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """(B, T', D) -> (B, classes)."""
        steps, _ = self.lstm(sequences)  # forward in time: padding comes after all that counts
        return self.dense(mean_over_steps(steps, lengths))

    def classify_pieces(self, pieces: Sequence[Tensor], mixing: Mixing) -> Tensor:
        return self.dense(mean_over_pieces(self._along(pieces)))

    def _along(self, pieces: Sequence[Tensor]) -> Iterator[Tensor]:
        """What the LSTM makes of each piece; its state goes from one to the next."""
        state = None
        for piece in pieces:
            steps, state = self.lstm(piece, state)
            yield steps


def build(
    space: SearchSpace,
    inputs: Inputs,
    n_classes: int,
    settings: SpaceSettings,
    cells: int | None,
    lstm_layers: int,
) -> System:
    """The system of that size, which takes spectrograms of any size.

    Args:
        cells: number of cells; None: a hand-made CNN.
        lstm_layers: of the LSTM behind them; 0: there is none.
    """
    cnn = HandMadeCNN() if cells is None else CellCNN(space, cells)
    if lstm_layers:
        return drawn_by_name(CNNLSTM(space, cnn, n_classes, lstm_layers))
    return drawn_by_name(Averaged(space, cnn, nn.Linear(cnn.features, n_classes)))
