"""What rows and systems are called on the page."""

from __future__ import annotations

from sernas.experiments.experiment import display_name
from sernas.reporting.page.run import Row
from sernas.systems.card import SYSTEMS, search_space


def title_of(row: Row) -> str:
    """``"CNN_SeqCap, dropout"``; a system of which nothing may be searched is just ``"linear"``."""
    system, strategy = row
    alone = system in SYSTEMS and not search_space(system).layers
    return display_name(system) if alone else f"{display_name(system)}, {strategy}"
