"""Score untrained networks and choose the best (Abdelfattah et al. 2021, "Zero-cost proxies")."""

from __future__ import annotations

import logging
from functools import partial

import torch

from sernas.base.interrupts import stop_if_asked, stopping_when_asked
from sernas.base.seeds import rng_of, seed_of
from sernas.folds.fold import Fold
from sernas.folds.segments import batches
from sernas.models import build_system
from sernas.search.strategy import ProxyStrategy
from sernas.search.supernet_search import Found
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.systems.card import search_space
from sernas.training.epoch import loaded
from sernas.training.meter import Meter


def search_by_proxy(
    strategy: ProxyStrategy,
    system: str,
    fold: Fold,
    optimisation: OptimisationSettings,
    settings: SearchSettings,
    space: SpaceSettings,
    seed: int,
    device: torch.device,
) -> Found:
    """The architecture of the highest score among ``settings.proxy_candidates`` drawn uniformly;
    of equals the first.

    All networks get the same seed and the first batch of the same order. The history has an
    architecture a row: ``number`` from 1, ``score``, and the operation of each layer. What is
    stopped begins again: it takes about as long as so many steps.

    Raises:
        Interrupted: a signal asks the job to end.
    """
    rng, own = rng_of(seed, "draw"), search_space(system, space)
    data = fold.segments("train").to(device)
    order = torch.Generator().manual_seed(seed_of(seed, "order"))
    first = next(batches(len(data), optimisation.batch_size, order))
    (batch,) = loaded(data, [first], device)
    history, meter = [], Meter()
    with stopping_when_asked(), meter.timed():
        for number in range(1, settings.proxy_candidates + 1):
            architecture = own.draw(rng)
            torch.manual_seed(seed_of(seed, "weights"))
            network = build_system(
                system,
                inputs=fold.inputs,
                architecture=architecture,
                n_classes=len(fold.emotions),
                settings=space,
            ).to(device)
            score = meter.counted(partial(strategy.score, network), f"{number}")(*batch)
            history.append({"number": number, "score": score, **architecture})
            stop_if_asked()
    best = max(history, key=lambda row: row["score"])
    logging.info("architecture %d of %d: %g", best["number"], len(history), best["score"])
    found = {layer: best[layer] for layer in own.layers}
    return Found(found, history, meter.cost(0, device))
