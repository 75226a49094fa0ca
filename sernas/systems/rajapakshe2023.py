"""The systems of Rajapakshe et al. 2023: cells or a hand-made CNN, alone or with an LSTM behind."""

from __future__ import annotations

from functools import partial
from itertools import product

from sernas.settings.space import SpaceSettings
from sernas.space.cells import CellSpace, cell_space
from sernas.systems.card import SYSTEMS, Cost, SystemCard, nothing
from sernas.systems.cells import cost_of_cells

NUMBERS_OF_CELLS = (4, 8)
LSTM_LAYERS = (0, 1, 2, 3)
NETWORK = "sernas.models.rajapakshe2023:build"


def searched(settings: SpaceSettings) -> CellSpace:
    """What is searched of the DARTS CNN and the DARTS CNN-LSTM: the cells, not the LSTM."""
    return cell_space()


def card_of_cells(cells: int, lstm_layers: int) -> SystemCard:
    """``darts_cnn_lstm_c4_l2``, "DARTS CNN-LSTM, C=4, 2 LSTM layers"; less where there is less."""
    name, title = "darts_cnn", "DARTS CNN"
    if lstm_layers:
        name, title = f"{name}_lstm", f"{title}-LSTM"
    name, title = f"{name}_c{cells}", f"{title}, C={cells}"
    if lstm_layers:
        plural = "s" if lstm_layers > 1 else ""
        name, title = f"{name}_l{lstm_layers}", f"{title}, {lstm_layers} LSTM layer{plural}"
    arguments = {"cells": cells, "lstm_layers": lstm_layers}
    return SystemCard(name, title, searched, NETWORK, arguments, cost=cost_of_cells(cells))


controls = partial(SystemCard, space=nothing, network=NETWORK, cost=Cost())
SYSTEMS.add(controls("cnn", "CNN", arguments={"cells": None, "lstm_layers": 0}))
SYSTEMS.add(controls("cnn_lstm", "CNN-LSTM", arguments={"cells": None, "lstm_layers": 1}))
for cells, layers in product(NUMBERS_OF_CELLS, LSTM_LAYERS):
    SYSTEMS.add(card_of_cells(cells, layers))
