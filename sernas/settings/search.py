"""How an architecture is chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchSettings:
    """How an architecture is chosen (section 2 of Wu et al. 2022).

    Attributes:
        stop_at_skips: a search of cells ends when its normal or its deep cell would have so many
            skip connections; None: it does not.
    """

    epochs: int
    architecture_epochs: int
    architecture_learning_rate: float
    bilevel: str
    masked: int
    architecture_betas: tuple[float, float] = (0.9, 0.999)
    architecture_weight_decay: float = 0.0
    stop_at_skips: int | None = None
