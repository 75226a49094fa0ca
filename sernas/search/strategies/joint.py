"""Joint optimisation (Wu et al. 2022, section 2.1)."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, Stage, SupernetStrategy, Update


class Joint(SupernetStrategy):
    """Every step trains all weights, by one optimiser (Eq. 2)."""

    name = "joint"
    how = "operations and architecture weights learned together on training data"

    def stages(self, settings):
        return (Stage(settings.epochs, (Update.BOTH,)),)


STRATEGIES.add(Joint())
