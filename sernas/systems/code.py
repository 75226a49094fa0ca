"""The code that builds a system: found by its card, and by those of its operations. Light."""

from __future__ import annotations

from sernas.base.digests import Code, code_of_card
from sernas.operations.registry import OPERATIONS
from sernas.settings.space import SpaceSettings
from sernas.systems.card import SYSTEMS, baseline_beside, search_space


def code_of_system(system: str, settings: SpaceSettings) -> tuple[Code, ...]:
    """The system's card and network, what decides beside it, and the operations that it may have.

    Args:
        settings: the readings of its search space.
    """
    named = {name for choice in search_space(system, settings).choices for name in choice.buildable}
    operations = sorted(name for name in named if name in OPERATIONS)
    of_operations = [code for name in operations for code in code_of_card(OPERATIONS, name)]
    cards = [name for name in (system, baseline_beside(system, settings)) if name]
    of_cards = [code for name in cards for code in code_of_card(SYSTEMS, name)]
    return *of_cards, *of_operations
