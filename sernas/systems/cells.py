"""What networks of cells cost, by measurement on spectrograms of 128 x 128."""

from __future__ import annotations

from sernas.systems.card import Amount, Cost


def cost_of_cells(number: int) -> Cost:
    """That of so many cells, one after the other."""
    usual = Cost()
    return Cost(
        activations=_more(usual.activations, 250 * number, 1150 * number),
        cpu_minutes=_more(usual.cpu_minutes, 41.6 * number, 416 * number),
        gpu_minutes=_more(usual.gpu_minutes, 1.6 * number, 16 * number),
    )


def _more(usual: Amount, training: float, searching: float) -> Amount:
    return Amount(usual.training + training, usual.searching + searching)
