"""A run of epochs that a kill, a signal or a divergence does not lose."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from sernas.base.costs import Cost
from sernas.base.diary import Entry, write_entry
from sernas.base.digests import Code, code_digest
from sernas.base.errors import TrainingError
from sernas.base.interrupts import Interrupted, stop_if_asked, stopping_when_asked
from sernas.base.seeds import seed_of
from sernas.folds.fold import Fold
from sernas.folds.segments import SegmentData
from sernas.settings.training import OptimisationSettings
from sernas.training.checkpoint import Checkpoint
from sernas.training.epoch import Order, Step, run_epoch
from sernas.training.meter import Meter


class Run(ABC):
    """Training on a fold, epoch by epoch, that goes on from any step as if it had not stopped.

    A subclass says what an epoch is and which ``parts`` it changes. What else it changes must
    follow from ``seed`` and the number of epochs, or be in :meth:`state`.

    Attributes:
        name: of what is shown while it runs.
        parts: what has a ``state_dict`` and a ``load_state_dict``, by name.
        history: a row an epoch, of those that are over.
        setbacks: how often it diverged, and went on from the epoch before at a lower rate.
    """

    name: str

    def __init__(
        self,
        fold: Fold,
        epochs: int,
        optimisation: OptimisationSettings,
        seed: int,
        device: torch.device,
    ):
        self.fold, self.epochs, self.optimisation = fold, epochs, optimisation
        self.seed, self.device = seed, device
        self.order = Order(seed_of(seed, "order"))
        self.meter = Meter()
        self.parts: dict[str, Any] = {"order": self.order, "meter": self.meter}
        self.history: list[dict] = []
        self.setbacks = 0

    @abstractmethod
    def identity(self) -> tuple:
        """What the result depends on besides fold, optimisation, seed, device and code."""

    def code(self) -> tuple[Code, ...]:
        """Modules and files on whose code the result depends, and which no import leads to."""
        return ()

    @abstractmethod
    def epoch(self) -> dict:
        """Train one more epoch; its row of the history."""

    @abstractmethod
    def tensors(self) -> list[Tensor]:
        """What is trained, which must stay finite."""

    def over(self) -> bool:
        """Whether no epoch is missing."""
        return len(self.history) >= self.epochs

    def state(self) -> dict:
        """All that changes while it runs, as tensors and plain values."""
        return {
            "parts": {name: part.state_dict() for name, part in self.parts.items()},
            "history": self.history,
            "setbacks": self.setbacks,
            "random": [get() for get, _ in self._generators()],
        }

    def restore(self, state: dict) -> None:
        """Go on from what :meth:`state` gave."""
        for name, part in self.parts.items():
            part.load_state_dict(state["parts"][name])
        self.history, self.setbacks = list(state["history"]), state["setbacks"]
        for (_, put), random in zip(self._generators(), state["random"], strict=True):
            put(random)

    def lowered(self, rate: float) -> float:
        """A learning rate, lower by ``optimisation.retry_factor`` for each setback."""
        return rate * self.optimisation.retry_factor**self.setbacks

    def run_epoch(self, data: SegmentData, step: Step, rate: float, kind: str = "") -> float:
        """The mean loss of one epoch; see :func:`epoch.run_epoch`.

        Args:
            kind: of the steps; those of one kind cost the same.
        """
        size = self.optimisation.batch_size
        counted = self.meter.counted(step, kind)
        return run_epoch(data, size, self.order, self.device, counted, self.where(rate))

    def where(self, rate: float) -> str:
        """The epoch to come, for errors."""
        return f"epoch {len(self.history) + 1}, at the learning rate {rate:g}"

    def cost(self) -> Cost:
        """What it took so far; see :meth:`Meter.cost`."""
        return self.meter.cost(len(self.history), self.device)

    def complete(self, folder: Path | None = None, until: int | None = None) -> None:
        """Take all epochs that are missing.

        Args:
            folder: for checkpoints of this run, whatever it is of; from one of this run it goes on.
            until: so many are enough for now, if that is fewer.

        Raises:
            TrainingError: a loss or a weight is not finite, more than ``optimisation.retries``
                times.
            Interrupted: a signal asks the job to end; the run can go on from that step.
        """
        kept = Kept(self, folder)
        with (
            stopping_when_asked(),
            tqdm(total=self.epochs, initial=len(self.history), desc=self.name, disable=None) as bar,
            kept.checkpoint,
        ):
            while not self.over() and (until is None or len(self.history) < until):
                with kept.epoch():
                    with self.meter.timed():
                        row = self.epoch()
                    self.end_epoch(row)
                bar.update(len(self.history) - bar.n)

    def end_epoch(self, row: dict) -> None:
        """An epoch is over, whose row of the history that is.

        Raises:
            TrainingError: a weight is not finite.
        """
        if not torch.stack([tensor.isfinite().all() for tensor in self.tensors()]).all():
            raise TrainingError(
                f"the weights became infinite or NaN in epoch {len(self.history) + 1}, though its "
                "losses did not; lower optimisation.learning_rates, or set optimisation.retries"
            )
        self.history.append(row)
        self.order.end_epoch()

    def everything(self) -> tuple:
        """All that the result depends on."""
        fold, kind = self.fold.identity(), type(self)
        code = code_digest(kind.__module__, "sernas.training.devices", *self.code())
        hardware = (self.device.type, torch.get_num_threads())
        settings = (self.epochs, self.optimisation, self.seed)
        return (kind.__name__, self.identity(), fold, settings, hardware, code)

    def _generators(self) -> list[tuple[Callable, Callable]]:
        """What gets and puts the state of each of PyTorch's own generators."""
        cpu, cuda = (torch.get_rng_state, torch.set_rng_state), torch.cuda
        on_gpu = [(cuda.get_rng_state, cuda.set_rng_state)] if self.device.type == "cuda" else []
        return [cpu, *on_gpu]


class Kept:
    """What is kept of a run; it goes on from what is in ``folder``. Who takes its epochs does so
    within ``with kept.checkpoint``."""

    def __init__(self, run: Run, folder: Path | None):
        self.run, self.checkpoint = run, Checkpoint(folder, run.everything())
        if state := self.checkpoint.load():
            run.restore(state)
        self.checkpoint.begin(run.state())
        step = self.checkpoint.load_step()
        if step and len(step["history"]) == len(run.history):
            run.restore(step)
        if state or run.order.steps:
            done = (len(run.history), run.order.steps)
            logging.info("%s: taken up after %d epochs and %d steps", run.name, *done)

    @contextmanager
    def epoch(self) -> Iterator[None]:
        """Within it the run takes an epoch, or the rest of one, up to :meth:`Run.end_epoch`.

        One that diverges is taken back, as often as ``optimisation.retries`` allows.

        Raises:
            TrainingError: it diverged once more.
            Interrupted: a signal asks the job to end.
        """
        run = self.run
        try:
            yield
        except Interrupted:
            self.checkpoint.save_step(run.state())
            done = (len(run.history), run.order.steps)
            logging.warning("%s: %d epochs and %d steps are kept", run.name, *done)
            raise
        except TrainingError as error:
            setbacks = run.setbacks + 1
            if setbacks > run.optimisation.retries:
                raise
            run.restore(self.checkpoint.newest())
            run.setbacks = setbacks
            done = (len(run.history), run.lowered(1))
            logging.warning("%s; goes on after epoch %d, all rates times %g", error, *done)
        else:
            self.checkpoint.save(run.state())
            if folder := self.checkpoint.folder:
                write_entry(folder, Entry(len(run.history), run.meter.seconds, run.history[-1]))
            stop_if_asked()
