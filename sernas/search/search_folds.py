"""Search on each of some folds, and keep what was found in files."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import torch

from sernas.base.files import write_csv, write_text
from sernas.base.seeds import rng_of, seed_of
from sernas.folds.fold import Fold
from sernas.search.judged import judged
from sernas.search.proxy_search import ProxySearch
from sernas.search.strategy import STRATEGIES, ProxyStrategy
from sernas.search.supernet_search import Search
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.space.choices import Architecture
from sernas.systems.card import search_space


def search_folds(
    strategy: str,
    system: str,
    folds: Iterable[Fold],
    numbers: Sequence[int],
    optimisation: OptimisationSettings,
    settings: SearchSettings,
    space: SpaceSettings,
    seed: int,
    device: torch.device,
    resume: str | Path,
    architectures: Sequence[str | Path],
    histories: Sequence[str | Path],
    costs: Sequence[str | Path],
    ranked: Sequence[Architecture] = (),
    scores: Sequence[str | Path] = (),
) -> None:
    """Find an architecture on each fold: by a supernet, or by a proxy.

    Args:
        numbers: of the folds.
        seed: of the run.
        resume: folder of what is there to go on from; it is removed in the end.
        architectures: a JSON file a fold, of a list of the one that was found.
        histories: a CSV file a fold; see :func:`history.record` and :meth:`ProxySearch.run`.
        costs: a JSON file a fold; see :meth:`Meter.cost`.
        ranked: what is scored with the weights that each search ends with.
        scores: a CSV file a fold of these, or none; see :func:`judged.judged`.

    Raises:
        SettingsError: there is nothing to search, or the strategy needs no supernet.
        TrainingError: a search diverged.
        Interrupted: a signal asks the job to end.
    """
    scores = scores or [None] * len(numbers)
    for number, fold, architecture, history, cost, score in zip(
        numbers, folds, architectures, histories, costs, scores, strict=True
    ):
        logging.info("%s, %s, fold %d", system, strategy, number)
        own = seed_of(seed, "search", system, number)
        run = (system, fold, optimisation, settings, space, own)
        if isinstance(card := STRATEGIES[strategy], ProxyStrategy):
            search = ProxySearch(card, *run, device)
        else:
            # one probe for all strategies, so that Fig. 3(b) compares like with like
            probe = search_space(system, space).draw(rng_of(seed, "probe", system, number))
            search = Search(strategy, *run, probe, device)
        found = search.run(Path(resume, f"fold{number}"))
        write_text(architecture, json.dumps([found.architecture], indent=1))
        write_csv(pd.DataFrame(found.history), history)
        write_text(cost, json.dumps(found.cost))
        if score:
            write_csv(judged(search, ranked), score)
    if Path(resume).exists():  # a proxy leaves nothing there
        shutil.rmtree(resume)  # not before all is written, which a kill else undoes
