from collections import Counter

import numpy as np
import pandas as pd
import pytest

from sernas.settings.reporting import FigureSettings
from sernas.space.cells import cell_space

EMOTIONS = ["neutral", "angry", "happy", "sad"]


@pytest.fixture
def figures():
    colours = {"joint": "#0072B2", "sampling": "#E69F00", "dropout": "#009E73"}
    return FigureSettings(system="cnn_seqcap", dpi=60, colours=colours)


@pytest.fixture
def fold_predictions():
    """Two folds: WA 3/4 and 4/7, UA 3/4 and 2/5; pooled WA 7/11 and UA (5/7 + 2/4) / 2."""
    right, wrong = ("neutral", "neutral"), ("neutral", "sad")
    return [
        run_predictions(1, 1, [right, wrong, ("sad", "sad"), ("sad", "sad")]),
        run_predictions(1, 2, [right] * 4 + [wrong] + [("sad", "neutral")] * 2),
    ]


def run_predictions(seed, fold, pairs):
    """Those of a run with a speaker of its fold, of pairs of what is true and what is predicted."""
    table = pd.DataFrame(pairs, columns=["emotion", "predicted"])
    names = [f"{fold}_{i}" for i in range(len(pairs))]
    return table.assign(seed=seed, fold=fold, speaker=f"speaker {fold}", utterance=names)


@pytest.fixture
def predicted():
    return run_predictions


def search_history(loss, probe, architecture=()):
    """A history of one layer with two candidates, the first of weight 0.5 or as listed."""

    def row(stage, epoch, loss, probe, a):
        weights = np.array([a, 1 - a])
        return {
            "stage": stage,
            "epoch": epoch,
            "loss": loss,
            "learning_rate": 0.001,
            "probe_loss": probe,
            "entropy/dense": -(weights * np.log(weights)).sum(),
            "weight/dense/32": a,
            "weight/dense/48": 1 - a,
        }

    weights = [
        row("weights", epoch, *losses, 0.5)
        for epoch, losses in enumerate(zip(loss, probe, strict=True), start=1)
    ]
    later = [
        row("architecture", epoch, 9.0, np.nan, a) for epoch, a in enumerate(architecture, start=1)
    ]
    return pd.DataFrame(weights + later)


@pytest.fixture
def history():
    return search_history


@pytest.fixture
def drawn(monkeypatch):
    """The figures that are saved while a test runs, to be asked what they show."""
    from matplotlib.figure import Figure

    figures = []
    savefig = Figure.savefig

    def keep(figure, *args, **kwargs):
        figures.append(figure)
        return savefig(figure, *args, **kwargs)

    monkeypatch.setattr(Figure, "savefig", keep)
    return figures


def cell_history(*rows, space=None):
    """A history of cells: an epoch for each (stage, {edge: {operation: how often as strong}}).

    All that is not named has strength 1; weights are shares of an edge's strengths.
    """
    space, history, epochs = space or cell_space(), [], Counter()
    for stage, strong in rows:
        epochs[stage] += 1
        row = {"stage": stage, "epoch": epochs[stage]}
        weights = {}
        for edge in space.layers:
            names = space[edge].candidates
            strengths = np.array([strong.get(edge, {}).get(name, 1.0) for name in names])
            weights[edge] = strengths / strengths.sum()
            row[f"entropy/{edge}"] = -(weights[edge] * np.log(weights[edge])).sum()
            row |= {
                f"weight/{edge}/{name}": a for name, a in zip(names, weights[edge], strict=True)
            }
        history.append(row | space.signs(space.derive(weights)))
    return pd.DataFrame(history)


@pytest.fixture
def cells():
    return cell_history
