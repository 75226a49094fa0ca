"""How weights are trained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OptimisationSettings:
    """How weights are trained, of supernets and networks (section 4.2 of Wu et al. 2022).

    Attributes:
        clip: greatest norm of a step's gradient; None: any.
    """

    batch_size: int
    learning_rates: tuple[float, ...]
    hold_epochs: int
    schedule: str
    loss_factor: float
    step_epochs: int
    precision: str = "float32"
    retries: int = 0
    retry_factor: float = 0.1
    optimizer: str = "adam"
    weight_decay: float = 0.0
    clip: float | None = None


@dataclass(frozen=True)
class TrainingSettings:
    """How long an architecture is trained."""

    epochs: int
