"""A key of the configuration, said once: at its field of a settings dataclass.

The field has name, type and default; :func:`key` adds what it means, which values it may have and
what changing it redoes. From that are made the schema that configurations are checked against, the
default configuration and the table of keys in config/README.md (see :mod:`sernas.plan.schema`,
``default_config`` and ``key_table``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_type_hints

ABOUT = "about"


class Form(NamedTuple):
    """What text looks like: a regular expression, and the same in words."""

    pattern: str
    words: str


# Snakemake formats both, matplotlib takes $ for mathematics; for Python $ is before a last \n too
PATH = Form(r"^[^<>{}\x00-\x1f]+(?!\n)$", "a path without `< > { }`")
NAME = Form(r"^[^$<>{}\x00-\x1f]+(?!\n)$", "a name without `$ < > { }`")
COLOUR = Form(r"^#[0-9A-Fa-f]{6}(?!\n)$", "`#rrggbb`")


@dataclass(frozen=True)
class Key:
    """What there is to say of a key besides its type and its default.

    Limits and form hold for each number or text of a tuple or mapping. Names in backticks are of
    keys and values.

    Attributes:
        meaning: in a few words, which follow the key in the default configuration.
        redoes: the first step that changing it redoes.
        more: what only the table of keys says.
        name: in the configuration, where the field is called otherwise.
        values: those allowed, and what each means (perhaps nothing); or the name of the registry
            whose names are allowed: "systems", "strategies" or "corpora".
        unit: of a number.
        least: the number itself is allowed, as with ``most``.
        above: the number itself is not allowed, as with ``below``.
        form: of a text.
        fewest: entries of a tuple.
        distinct: no entry of a tuple may stand there twice.
        shared: it holds for all experiments; the section of one cannot change it.
        heading: what stands above it in the default configuration.
    """

    meaning: str
    redoes: str
    more: str = ""
    name: str = ""
    values: Mapping[str, str] | str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    form: Form | None = None
    fewest: int = 0
    distinct: bool = False
    shared: bool = False
    heading: str = ""

    @property
    def text(self) -> str:
        """Unit and meaning."""
        return f"{self.unit}; {self.meaning}" if self.unit else self.meaning


@dataclass(frozen=True)
class Section:
    """What there is to say of keys that stand together.

    Attributes:
        meaning: what follows the section's name in the default configuration.
        at_top: its keys stand among the sections instead of in one of their own.
        shared, heading: as of a key.
    """

    meaning: str = ""
    at_top: bool = False
    shared: bool = False
    heading: str = ""


class Entry(NamedTuple):
    """A field that stands for a key or a section: its name in the configuration and its own."""

    name: str
    field: str
    type: Any
    default: Any
    about: Key | Section


def key(default: Any, meaning: str, *, redoes: str, **about: Any) -> Any:
    """A field for a key; ``about`` is as in :class:`Key`."""
    metadata = {ABOUT: Key(meaning, redoes, **about)}
    if isinstance(default, dict):
        return field(default_factory=default.copy, hash=False, metadata=metadata)
    return field(default=default, metadata=metadata)


def in_tuples(lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Lists by name as tuples: JSON and YAML have lists, and what was read back must equal what was
    written."""
    return {name: tuple(each) for name, each in lists.items()}


def section(kind: type, **about: Any) -> Any:
    """A field for the keys that ``kind`` declares; ``about`` is as in :class:`Section`."""
    return field(default_factory=kind, metadata={ABOUT: Section(**about)})


def entries(kind: type) -> Iterator[Entry]:
    """The keys and sections that a dataclass declares, in the order of its fields."""
    types, defaults = get_type_hints(kind), kind()
    for each in dataclasses.fields(kind):
        about = each.metadata[ABOUT]
        name = isinstance(about, Key) and about.name or each.name
        yield Entry(name, each.name, types[each.name], getattr(defaults, each.name), about)
