"""Train what is kept on, on validation speakers too, who have had their say by then.

Beyond the papers. Of few speakers, those who only choose are a large share.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from sernas.base.costs import total
from sernas.training.from_scratch import Candidates, Trained

Train = Callable[[Sequence[Candidates], Sequence[Path]], Sequence[Trained]]
"""Trains the candidates of some folds, with a folder each for checkpoints: the best of each."""


def trained_on_both(
    candidates: Sequence[Candidates], folders: Sequence[Path], train: Train
) -> list[Trained]:
    """The best of each fold's candidates, which then goes on, on training and validation speakers,
    for as many epochs and at the same rates again, of which the last is kept. What is fitted
    without steps is fitted anew.

    What is said of it, but for the network, is of the first training; the cost is that of both.
    """
    first = train(candidates, folders)
    then = [_on_both(of_fold, best) for of_fold, best in zip(candidates, first, strict=True)]
    again = train(then, [folder / "on_both" for folder in folders])
    return [
        dataclasses.replace(best, network=other.network, cost=total([best.cost, other.cost]))
        for best, other in zip(first, again, strict=True)
    ]


def _on_both(candidates: Candidates, best: Trained) -> Candidates:
    settings = dataclasses.replace(candidates.settings, epochs=best.epoch, select="last")
    return dataclasses.replace(
        candidates,
        architectures=[best.architecture],
        fold=candidates.fold.with_validation(),
        settings=settings,
        weights=best.network.state_dict(),
    )
