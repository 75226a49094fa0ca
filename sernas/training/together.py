"""Train several small networks at once: a step of all of them is one.

Each has parameters, optimiser, order of batches, schedule, history, checkpoints and retries of its
own, and ends as if it had been trained alone, but for rounding. The seconds of a step are divided
among its networks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from sernas.base.interrupts import Interrupted, stop_if_asked, stopping_when_asked
from sernas.training.epoch import Batch, loaded, mean_loss
from sernas.training.from_scratch import Candidates, Trained, Training, best_of
from sernas.training.in_parts import parts_of
from sernas.training.resumable import Kept
from sernas.training.stacked_descent import StackedDescent


def train_best_of_each(
    candidates: Sequence[Candidates], folders: Sequence[Path | None], at_once: int
) -> list[Trained]:
    """As :func:`~sernas.training.from_scratch.train_best` for each, all of them together.

    Args:
        candidates: of each fold.
        folders: for checkpoints of each.
        at_once: networks in training at a time.
    """
    begun = list(zip(candidates, folders, strict=True))
    makers = [make for each, _ in begun for make in each.trainings()]
    within = [place for each, folder in begun for place in each.folders(folder)]
    trained = iter(train_together(makers, within, at_once))
    return [best_of([next(trained) for _ in each.architectures]) for each in candidates]


def train_together(
    makers: Sequence[Callable[[], Training]], folders: Sequence[Path | None], at_once: int
) -> list[Trained]:
    """Train networks, ``at_once`` at a time; when one is over the next begins.

    A network takes the very first of its steps alone, which is counted, and those of which no other
    has one of the same size: mostly the last of an epoch. One that does not stack takes all alone.

    Args:
        makers: of each training; folds, seeds and architectures may differ.
        folders: for the checkpoints of each; from those of this function it goes on.

    Raises:
        TrainingError: one of them diverged.
        Interrupted: a signal asks the job to end; all can go on from their steps.
    """
    trained: dict[int, Trained] = {}
    waiting = deque(enumerate(zip(makers, folders, strict=True)))
    members: list[_Member] = []
    descents: dict[tuple[int, ...], StackedDescent] = {}  # of the present members
    batches = _Batches()

    def go_on(member: _Member) -> None:
        member.batch = next(member.batches, None)
        if member.batch is None:
            members.remove(member)
            descents.clear()
            trained[member.number] = member.training.result()
            bar.update()

    with (
        stopping_when_asked(),
        tqdm(total=len(makers), desc="networks", disable=None) as bar,
    ):
        try:
            while waiting or members:
                while waiting and len(members) < at_once:
                    number, (make, folder) = waiting.popleft()
                    members.append(_Member(number, make(), folder, batches))
                    go_on(members[-1])
                if not members:
                    continue
                group = _next_group(members)
                _step(group, descents)
                stop_if_asked()
                for member in group:
                    go_on(member)
        except Interrupted as asked:
            for member in members:
                with suppress(Interrupted):
                    member.batches.throw(asked)
            raise
    return [trained[number] for number in range(len(makers))]


class _Made(NamedTuple):
    """The newest of some batches, of an epoch and step, and what makes the next."""

    at: tuple[int, int]
    batch: Batch
    left: Iterator[Batch]


class _Batches:
    """Those of all members: such as several see are made once, as of candidates on one fold."""

    def __init__(self):
        self._made: dict[tuple, _Made] = {}

    def of(self, training: Training, indices: list[np.ndarray]) -> Iterator[Batch]:
        """The rest of an epoch's."""
        seen_by = id(training.fold), training.seed, training.settings, training.optimisation
        for step in range(training.order.steps, len(indices)):
            at = len(training.history), step
            made = self._made.get(seen_by)
            if made is None or made.at != at:
                if made is None or made.at != (at[0], step - 1):
                    left = iter(loaded(training.data, indices[step:], training.device))
                else:
                    left = made.left
                made = self._made[seen_by] = _Made(at, next(left), left)
            yield made.batch


class _Member:
    """A training among others, and the batch of its next step."""

    batch: Batch | None = None

    def __init__(self, number: int, training: Training, folder: Path | None, batches: _Batches):
        self.number, self.training = number, training
        training.together = True
        training.name = "/".join(folder.parts[-2:]) if folder else f"network {number + 1}"
        self.stacks = training.network.stacks
        self.how = training.system, training.space, training.settings, training.optimisation
        self.batches = self._batches(folder, batches)

    def _batches(self, folder: Path | None, batches: _Batches) -> Iterator[Batch]:
        """Those of all steps that are missing; who takes a batch takes its step."""
        training, order, data = self.training, self.training.order, self.training.data
        kept = Kept(training, folder)
        with kept.checkpoint:
            while not training.over():
                with kept.epoch():
                    rate = training.begin_epoch()
                    indices = order.batches(len(data), training.optimisation.batch_size)
                    yield from training.meter.timed_each(batches.of(training, indices))
                    with training.meter.timed():
                        loss = mean_loss(data, order, indices, training.where(rate))
                        row = training.row(loss, rate)
                    training.end_epoch(row)

    @property
    def alone(self) -> bool:
        """Whether its next step cannot be another's too."""
        counted = "" in self.training.meter.flops_of
        return not (counted and self.stacks and parts_of(self.training.network, self.batch[0]) == 1)

    @property
    def kind(self) -> tuple:
        """Steps of one kind can be one."""
        x, y = self.batch
        return len(y), x.shape, self.how


def _next_group(members: Sequence[_Member]) -> list[_Member]:
    """Whose step is next: smaller batches come before larger ones, so that all meet in these."""
    for member in members:
        if member.alone:
            return [member]
    least = min(members, key=lambda member: len(member.batch[1]))
    return [member for member in members if member.kind == least.kind]


def _step(group: Sequence[_Member], descents: dict[tuple[int, ...], StackedDescent]) -> None:
    """A step of each.

    Args:
        descents: what takes those of several, by the numbers of its members.
    """
    start, trainings = perf_counter(), [member.training for member in group]
    if len(group) == 1:
        losses = [trainings[0].take(*group[0].batch)]
    else:
        numbers = tuple(member.number for member in group)
        if numbers not in descents:
            descents[numbers] = StackedDescent(
                [training.network for training in trainings],
                [training.optimizer for training in trainings],
                trainings[0].optimisation,
            )
        losses = descents[numbers]([m.training.altered(*m.batch) for m in group])
        for training in trainings:
            training.meter.count("")
    each = (perf_counter() - start) / len(group)
    for training, loss in zip(trainings, losses, strict=True):
        training.order.note(loss)
        training.meter.seconds += each
