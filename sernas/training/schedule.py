"""The learning rate (Wu et al. 2022, section 4.2; Liu et al. 2019, section A.1)."""

from __future__ import annotations

import math

from sernas.settings.training import OptimisationSettings


class Schedule:
    """Steps down a list of learning rates, one at a time, never within the first epochs.

    Our reading of "reduced gradually, when the average training loss is reduced by a factor of 10":
    a step each time an epoch's mean training loss has fallen to ``loss_factor`` of its reference,
    which is the first epoch's loss and after a step that epoch's. The rival, ``schedule="epochs"``,
    steps every ``step_epochs`` epochs once the first ``hold_epochs`` are over.
    ``schedule="cosine"`` goes from the first rate to the last along half a cosine.

    Args:
        epochs: how many there will be; the cosine depends on it.
    """

    def __init__(self, settings: OptimisationSettings, epochs: int):
        self.settings, self.epochs = settings, epochs
        self.epoch = 0
        self.position = 0
        self.reference: float | None = None

    @property
    def rate(self) -> float:
        """The rate of the epoch to come."""
        rates = self.settings.learning_rates
        if self.settings.schedule == "cosine":
            along = (1 + math.cos(math.pi * self.epoch / self.epochs)) / 2
            return rates[-1] + (rates[0] - rates[-1]) * along
        return rates[self.position]

    def end_epoch(self, loss: float) -> None:
        """Take note of an epoch's mean training loss."""
        self.epoch += 1
        if self.reference is None:
            self.reference = loss
        over = self.epoch - self.settings.hold_epochs
        if over < 0 or self.position == len(self.settings.learning_rates) - 1:
            return
        if self.settings.schedule == "epochs":
            step = over % self.settings.step_epochs == 0
        else:
            step = loss <= self.settings.loss_factor * self.reference
        if step:
            self.position += 1
            self.reference = loss

    def state_dict(self) -> dict[str, int | float | None]:
        return {"epoch": self.epoch, "position": self.position, "reference": self.reference}

    def load_state_dict(self, state: dict[str, int | float | None]) -> None:
        self.epoch, self.position = state["epoch"], state["position"]
        self.reference = state["reference"]
