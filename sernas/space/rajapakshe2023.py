"""The systems of Rajapakshe et al. 2023 as data: their names, sizes and search spaces."""

from __future__ import annotations

from typing import NamedTuple

from sernas.settings.space import SpaceSettings
from sernas.space.cells import CellSpace, cell_space
from sernas.space.choices import SearchSpace


class Size(NamedTuple):
    """Number of cells (None: a hand-made CNN), and of layers of the LSTM behind them."""

    cells: int | None
    lstm_layers: int


SEARCHED = {f"darts_cnn_c{cells}": Size(cells, 0) for cells in (4, 8)} | {
    f"darts_cnn_lstm_c{cells}_l{layers}": Size(cells, layers)
    for cells in (4, 8)
    for layers in (1, 2, 3)
}
HAND_MADE = {"cnn": Size(None, 0), "cnn_lstm": Size(None, 1)}


def searched(settings: SpaceSettings) -> CellSpace:
    """What is searched of the DARTS CNN and the DARTS CNN-LSTM: the cells, not the LSTM."""
    return cell_space()


def hand_made(settings: SpaceSettings) -> SearchSpace:
    """Nothing is searched of the controls."""
    return SearchSpace(())
