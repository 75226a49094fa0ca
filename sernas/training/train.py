"""Train one architecture from scratch and keep its best epoch (Wu et al. 2022, section 4.2)."""

from __future__ import annotations

import copy
import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from tqdm import trange

from sernas.evaluation.inference import score
from sernas.folds.fold import Fold
from sernas.models import build_system
from sernas.models.system import System
from sernas.seeding import seed_of
from sernas.settings import OptimisationSettings, SpaceSettings, TrainingSettings
from sernas.space.choices import Architecture
from sernas.training.loop import adam, descend, loss_of, run_epoch, set_rate
from sernas.training.schedule import Schedule


@dataclass(frozen=True)
class Trained:
    """A trained network with the weights of its best epoch, and its history, a row an epoch.

    Attributes:
        validation_wa: accuracy over the validation speaker's whole utterances, a fraction.
    """

    network: System
    architecture: dict[str, str]
    validation_wa: float
    epoch: int
    history: list[dict]


def train(
    system: str,
    architecture: Architecture,
    fold: Fold,
    settings: TrainingSettings,
    optimisation: OptimisationSettings,
    space: SpaceSettings,
    seed: int,
    device: torch.device,
) -> Trained:
    """Train ``architecture`` on a fold's training segments.

    The epoch with the best WA on the validation speaker's whole utterances is kept, the earliest of
    equals. Test data is not read.

    Raises:
        TrainingError: a loss is not finite.
    """
    torch.manual_seed(seed_of(seed, "weights"))
    order = torch.Generator().manual_seed(seed_of(seed, "order"))
    network = build_system(
        system,
        n_bins=fold.store.settings.n_bins,
        architecture=architecture,
        n_classes=len(fold.emotions),
        settings=space,
    ).to(device)
    data = fold.segments("train").to(device)
    validation = fold.utterances("validation").to(device)
    schedule = Schedule(optimisation)
    optimizer = adam(network.parameters(), schedule.rate)

    def step(x: Tensor, y: Tensor) -> Tensor:
        return descend(loss_of(network, x, y, optimisation.precision), optimizer)

    best, best_weights, history = (-1.0, 0), {}, []
    for epoch in trange(1, settings.epochs + 1, desc="train", disable=None):
        set_rate(optimizer, schedule.rate)
        loss = run_epoch(data, optimisation.batch_size, order, device, step)
        scores = score(network, validation, device)
        wa = float((scores.argmax(1) == validation.labels).double().mean())
        history.append(
            {
                "epoch": epoch,
                "loss": loss,
                "learning_rate": schedule.rate,
                "validation_loss": float(cross_entropy(scores, validation.labels)),
                "validation_wa": wa,
            }
        )
        logging.info("epoch %d: loss %.4f, validation WA %.2f %%", epoch, loss, 100 * wa)
        if wa > best[0]:
            best, best_weights = (wa, epoch), copy.deepcopy(network.state_dict())
        schedule.end_epoch(loss)
    network.load_state_dict(best_weights)
    return Trained(network, dict(architecture), *best, history)


def train_best(
    system: str,
    architectures: Sequence[Architecture],
    fold: Fold,
    settings: TrainingSettings,
    optimisation: OptimisationSettings,
    space: SpaceSettings,
    seed: tuple,
    device: torch.device,
) -> Trained:
    """Train each of ``architectures`` and keep the one with the best validation WA.

    Equal architectures get equal seeds, hence equal results, whoever chose them. The history is
    that of all, told apart by ``candidate``.
    """
    trained = [
        train(
            system,
            a,
            fold,
            settings,
            optimisation,
            space,
            seed_of(*seed, *sorted(a.items())),
            device,
        )
        for a in architectures
    ]
    best = max(trained, key=lambda t: t.validation_wa)  # the first of equals
    history = [{"candidate": i, **row} for i, t in enumerate(trained, 1) for row in t.history]
    return dataclasses.replace(best, history=history)
