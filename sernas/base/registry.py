"""Things by name: one registry for each noun, filled by discovery and by plugins."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from sernas.base.errors import SettingsError


class Named(Protocol):
    """What a registry holds."""

    name: str


Card = TypeVar("Card", bound=Named)


class Registry(Mapping[str, Card], Generic[Card]):
    """Cards of one kind by their names.

    A card is light: importing what holds it imports no torch. The modules of ``package`` are
    imported when a card is first asked for, in the order of their names, and each adds its own;
    so does a plugin.

    Args:
        noun: what messages call a card: "strategy".
        package: dotted name of the package whose modules add cards.
    """

    def __init__(self, noun: str, package: str):
        self.noun, self._package = noun, package
        self._cards: dict[str, Card] = {}
        self._sources: dict[str, Path] = {}
        self._discovered = False

    def add(self, card: Card) -> Card:
        """Hold a card, which is returned.

        Raises:
            SettingsError: another has its name.
        """
        module = sys._getframe(1).f_globals
        if not module["__name__"].startswith(f"{self._package}."):
            self._discover()  # a plugin may not take a name of ours
        source = Path(module["__file__"])
        if (known := self._sources.get(card.name)) is not None:
            raise SettingsError(
                f"{source}: the {self.noun} {card.name!r} is there already, from {known}; give "
                "yours another name"
            )
        self._cards[card.name], self._sources[card.name] = card, source
        return card

    def source(self, name: str) -> Path:
        """The file that added a card."""
        self[name]
        return self._sources[name]

    def __getitem__(self, name: str) -> Card:
        """The card of that name.

        Raises:
            SettingsError: there is none.
        """
        self._discover()
        if name not in self._cards:
            raise SettingsError(
                f"no {self.noun} is called {name!r}; choose one of {', '.join(sorted(self._cards))}"
            )
        return self._cards[name]

    def get(self, name: str, default: Any = None) -> Card | Any:
        """The card of that name, or ``default``."""
        self._discover()
        return self._cards.get(name, default)

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._cards

    def __iter__(self) -> Iterator[str]:
        self._discover()
        return iter(self._cards)

    def __len__(self) -> int:
        self._discover()
        return len(self._cards)

    def _discover(self) -> None:
        if self._discovered:
            return
        self._discovered = True  # now, since the modules ask too
        try:
            for module in pkgutil.iter_modules(import_module(self._package).__path__):
                import_module(f"{self._package}.{module.name}")
        except BaseException:
            self._discovered = False
            raise


def load(what: str | Callable) -> Any:
    """What a dotted name stands for, ``"sernas.models.cnn_rnn_att:CNNRNNAttention"``; anything
    else stands for itself. Cards name heavy code so."""
    if not isinstance(what, str):
        return what
    module, _, name = what.partition(":")
    return getattr(import_module(module), name)
