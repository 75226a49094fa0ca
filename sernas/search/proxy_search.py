"""Score untrained networks and choose the best (Abdelfattah et al. 2021, "Zero-cost proxies")."""

from __future__ import annotations

import logging
import math
from functools import partial
from pathlib import Path

import torch

from sernas.base.interrupts import stop_if_asked, stopping_when_asked
from sernas.base.seeds import rng_of, seed_of
from sernas.folds.fold import Fold
from sernas.folds.segments import batches
from sernas.models.build import network_over
from sernas.search.judged import Judged
from sernas.search.strategy import ProxyStrategy
from sernas.search.supernet_search import Found
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.space.choices import Architecture
from sernas.systems.card import search_space
from sernas.training.epoch import loaded
from sernas.training.meter import Meter


class ProxySearch:
    """The architecture of the highest score among ``settings.proxy_candidates`` drawn uniformly;
    of equals the first.

    All networks get the same seed and the first batch of the same order. What is stopped begins
    again: it takes about as long as so many steps.
    """

    def __init__(
        self,
        strategy: ProxyStrategy,
        system: str,
        fold: Fold,
        optimisation: OptimisationSettings,
        settings: SearchSettings,
        space: SpaceSettings,
        seed: int,
        device: torch.device,
    ):
        self.strategy, self.system, self.fold = strategy, system, fold
        self.settings, self.space = settings, space
        self.seed, self.device, self.meter = seed, device, Meter()
        data = fold.segments("train").to(device)
        order = torch.Generator().manual_seed(seed_of(seed, "order"))
        first = next(batches(len(data), optimisation.batch_size, order))
        (self.batch,) = loaded(data, [first], device)

    def run(self, folder: Path | None = None) -> Found:
        """Score and choose. The history has an architecture a row: ``number`` from 1, ``score``,
        and the operation of each layer. ``folder`` stays empty.

        Raises:
            Interrupted: a signal asks the job to end.
        """
        space, rng, history = search_space(self.system, self.space), rng_of(self.seed, "draw"), []
        with stopping_when_asked(), self.meter.timed():
            for number in range(1, self.settings.proxy_candidates + 1):
                architecture = space.draw(rng)
                score = self.score(architecture)
                history.append({"number": number, "score": score, **architecture})
        best = max(history, key=lambda row: row["score"])
        logging.info("architecture %d of %d: %g", best["number"], len(history), best["score"])
        found = {layer: best[layer] for layer in space.layers}
        return Found(found, history, self.meter.cost(0, self.device))

    def score(self, architecture: Architecture) -> float:
        """That of an untrained network."""
        torch.manual_seed(seed_of(self.seed, "weights"))
        space = search_space(self.system, self.space).only(architecture)
        n_classes = len(self.fold.emotions)
        network = network_over(self.system, space, self.fold.inputs, n_classes, self.space)
        network = network.to(self.device)
        stop_if_asked()
        return self.meter.counted(partial(self.strategy.score, network), "score")(*self.batch)

    def judge(self, architecture: Architecture) -> Judged:
        """How good an architecture is."""
        return Judged(-self.score(architecture), math.nan, math.nan)
