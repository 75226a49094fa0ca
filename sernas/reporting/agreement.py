"""How well the architectures of a row's runs agree, against chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t

from sernas.base.files import read_json
from sernas.reporting.cell_weights import candidates_of, layers_of
from sernas.reporting.result_files import run_of
from sernas.space.cells import CellSpace, are_edges
from sernas.space.choices import Architecture, Choice, SearchSpace


class Derived(NamedTuple):
    """What one run derived."""

    seed: int
    fold: int
    architecture: Architecture


class Agreement(NamedTuple):
    """Kappa is 1 where all runs agree, and 0 where they do as often as draws; NaN is unknown.

    Attributes:
        low, high: 95 % interval over the runs.
        seeds: of the runs of one fold; ``folds``: of those of one seed.
    """

    kappa: float
    low: float
    high: float
    seeds: float
    folds: float


def read_derived(paths: Iterable[str | Path]) -> dict[tuple[str, str], list[Derived]]:
    """What the runs of each (system, strategy) derived, of the files of :func:`run_of`."""
    rows: dict[tuple[str, str], list[Derived]] = {}
    for path in paths:
        system, strategy, seed, fold = run_of(path)
        (architecture,) = read_json(path)
        rows.setdefault((system, strategy), []).append(Derived(seed, fold, architecture))
    return rows


def chance_of(history: pd.DataFrame) -> dict[str, float]:
    """How often architectures that are drawn agree in each layer of what a search chose from."""
    layers = layers_of(history)
    space = CellSpace if are_edges(layers) else SearchSpace
    return space(
        tuple(Choice(layer, tuple(candidates_of(history, layer))) for layer in layers)
    ).coincidence()


def agreement(runs: Sequence[Derived], chance: Mapping[str, float]) -> Agreement:
    """Cohen's kappa (1960) of the choices of all pairs of runs and all layers.

    It is ``(o - e) / (1 - e)``, o being the share of choices that are equal, and e that of
    architectures that are drawn (Brennan and Prediger 1981), not of the runs' own frequencies.
    Interval: jackknife over the runs, of which pairs make a U-statistic (Arvesen 1969), with
    Student's t. Runs of one fold share its data, which it does not count.

    Args:
        chance: how often draws agree in each layer; see :func:`chance_of`.
    """
    equal, expected = _equal(runs, chance).mean(2), float(np.mean(list(chance.values())))

    def kappa(pairs: np.ndarray) -> float:
        found = equal[np.triu(pairs, 1)]
        known = len(found) and expected < 1
        return float((found.mean() - expected) / (1 - expected)) if known else np.nan

    of_seed, of_fold = (np.array([run[i] for run in runs]) for i in (0, 1))
    same_seed, same_fold = (np.equal.outer(of, of) for of in (of_seed, of_fold))
    least = -expected / (1 - expected) if expected < 1 else np.nan
    number, every = np.arange(len(runs)), np.ones_like(same_seed)
    others = [np.logical_and.outer(number != run, number != run) for run in number]
    return Agreement(
        kappa(every),
        *np.clip(_jackknifed(kappa(every), list(map(kappa, others))), least, 1).tolist(),
        seeds=kappa(same_fold & ~same_seed),
        folds=kappa(same_seed & ~same_fold),
    )


def agreement_by_layer(runs: Sequence[Derived], chance: Mapping[str, float]) -> pd.DataFrame:
    """``observed, chance`` by layer (the index): how often pairs of runs agree."""
    pairs = np.triu_indices(len(runs), 1)
    observed = _equal(runs, chance)[pairs]
    mean = observed.mean(0) if len(observed) else np.full(len(chance), np.nan)
    return pd.DataFrame({"observed": mean, "chance": list(chance.values())}, index=list(chance))


def _equal(runs: Sequence[Derived], layers: Mapping[str, float]) -> np.ndarray:
    """(R, R, L): whether two runs chose the same in a layer."""
    choices = np.array([[run.architecture[layer] for layer in layers] for run in runs])
    return choices[:, None] == choices[None]


def _jackknifed(whole: float, without: Sequence[float]) -> tuple[float, float]:
    """The interval of a share, by its values without each run; NaN of fewer than three runs."""
    n = len(without)
    if n < 3:
        return np.nan, np.nan
    reach = t.ppf(0.975, n - 1) * (n - 1) / np.sqrt(n) * np.std(without, ddof=1)
    return whole - reach, whole + reach
