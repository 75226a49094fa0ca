"""What is taken from a paper: its table, its figures, and its settings. Light."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sernas.base.registry import Registry
from sernas.systems.card import SYSTEMS

COMPARABLE = ("iemocap", "demo")
"""The corpus that all published figures are of, and the one that stands in its place."""


class Published(NamedTuple):
    """One row of a paper's table: WA and UA in percent, parameters in thousands.

    None is what the paper does not say.
    """

    wa: float | None = None
    ua: float | None = None
    params_k: int | None = None


class Claim(NamedTuple):
    """What a paper says of two strategies, of each of its systems.

    Attributes:
        text: what it says, in words.
        figure: ``"ua"``, or a column of the search history: its value at the end of the training
            of the supernet's weights.
        higher: the strategy of which it is higher.
        lower: the other.
    """

    text: str
    figure: str
    higher: str
    lower: str


@dataclass(frozen=True)
class Experiment:
    """A paper's experiment.

    Attributes:
        name: of the paper, and of the section of the configuration that changes this experiment.
        table: name of the table's files, without suffix.
        title: what a message calls the table.
        note: what the caption says of the published figures, or of systems that have none.
        systems: the paper's, in its order.
        published: the paper's figures by (system, strategy), in the paper's order.
        folder: of its results within those of the configuration, and what its targets begin with;
            empty: it is what the configuration itself is of.
        changes: what it changes of the configuration.
        claims: the paper's, to be tested.
    """

    name: str
    table: str
    title: str
    note: str
    systems: tuple[str, ...]
    published: Mapping[tuple[str, str], Published] = field(default_factory=dict)
    folder: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()

    def on(self, corpus: str) -> Experiment:
        """As a table of this kind of corpus shows it: published figures are of IEMOCAP, and left
        out beside another corpus, of which they would say nothing."""
        if corpus in COMPARABLE or not self.published:
            return self
        return replace(self, published={}, note="")

    @property
    def figures(self) -> list[str]:
        """Those of ``Published`` that the paper has of any row."""
        return [
            name
            for name in Published._fields
            if any(getattr(row, name) is not None for row in self.published.values())
        ]


EXPERIMENTS: Registry[Experiment] = Registry("experiment", "sernas.experiments")


def as_shown(name: str, corpus: str, note: str) -> Experiment:
    """As a table or a page of this kind of corpus shows it, with the whole caption for its note."""
    return replace(EXPERIMENTS[name].on(corpus), note=note)


def of_configuration() -> Experiment:
    """The experiment that the configuration itself is of."""
    [main] = [each for each in EXPERIMENTS.values() if not each.folder]
    return main


def others() -> list[Experiment]:
    """Those that change the configuration, and have results in a folder of their own."""
    return [each for each in EXPERIMENTS.values() if each.folder]


def display_name(system: str) -> str:
    """``"cnn_seqcap"`` -> ``"CNN_SeqCap"``; one that is no longer known keeps its own name."""
    return SYSTEMS[system].title if system in SYSTEMS else system


def in_paper_order(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The (system, strategy) pairs as the papers order them: by system, then by strategy.

    What no paper has follows what one has, in the order given.
    """
    rows = list(rows)
    papers = [of_configuration(), *others()]
    of_papers = [system for paper in papers for system in paper.systems]
    chosen = [strategy for paper in papers for _, strategy in paper.published]
    systems = list(dict.fromkeys([*of_papers, *(system for system, _ in rows)]))
    strategies = list(dict.fromkeys([*chosen, *(strategy for _, strategy in rows)]))
    return sorted(rows, key=lambda row: (systems.index(row[0]), strategies.index(row[1])))
