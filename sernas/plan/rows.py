"""The rows of a table, by what makes their architectures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sernas.search.ranked import RANKED
from sernas.search.strategy import STRATEGIES, DirectStrategy, ProxyStrategy
from sernas.space.cells import are_edges
from sernas.systems.card import SYSTEMS, search_space

Row = tuple[str, str]
"""(system, strategy)."""


@dataclass(frozen=True)
class Rows:
    """All of a table, and which of them are drawn, scored, searched or joined.

    Attributes:
        every: those of the table.
    """

    every: Sequence[Row]

    @cached_property
    def drawn(self) -> list[Row]:
        """Those whose architectures a strategy names outright."""
        return [row for row in self.every if isinstance(STRATEGIES[row[1]], DirectStrategy)]

    @cached_property
    def joined(self) -> list[Row]:
        """Those whose architectures are joined from what was found for each stream alone."""
        return [row for row in self.every if row not in self.drawn and SYSTEMS[row[0]].parts]

    @cached_property
    def scored(self) -> list[Row]:
        """Those for which architectures are scored by a proxy."""
        return [row for row in self.found if isinstance(STRATEGIES[row[1]], ProxyStrategy)]

    @cached_property
    def searched(self) -> list[Row]:
        """Those for which a supernet is trained."""
        return [row for row in self.found if row not in self.scored]

    @cached_property
    def to_search(self) -> list[Row]:
        """All that need a job to find their architectures, of the table or to be joined."""
        parts = [
            (part, strategy) for system, strategy in self.joined for part in SYSTEMS[system].parts
        ]
        return list(dict.fromkeys(self.found + parts))

    @cached_property
    def ranked(self) -> list[Row]:
        """Of each system with such rows the architectures by which their ranks are judged."""
        return list(dict.fromkeys((system, RANKED) for system, _ in self.found))

    @cached_property
    def found(self) -> list[Row]:
        """Those of the table that are neither drawn nor joined."""
        return [row for row in self.every if row not in self.drawn + self.joined]

    @cached_property
    def cells(self) -> list[Row]:
        """Those whose architectures are genotypes."""
        return [row for row in self.every if are_edges(search_space(row[0]).layers)]

    @cached_property
    def searched_cells(self) -> list[Row]:
        """Those for which a supernet of cells is trained."""
        return [row for row in self.cells if row in self.searched]

    def shown_in_fig3(self, system: str) -> list[Row]:
        """The searched rows of ``system``, or of the first that is searched where it is not."""
        systems = [each for each, _ in self.searched]
        shown = system if system in systems else next(iter(systems), None)
        return [row for row in self.searched if row[0] == shown]


def one_of(rows: Sequence[Row]) -> dict[str, str]:
    """Patterns of the wildcards ``system`` and ``strategy`` that these rows match, and no names
    that none of them has."""
    systems, strategies = ({row[place] for row in rows} for place in (0, 1))
    return {
        name: "|".join(sorted(of)) or "-"
        for name, of in (("system", systems), ("strategy", strategies))
    }
