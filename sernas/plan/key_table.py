"""The table of keys in config/README.md, made from the fields of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import NoneType
from typing import Any, get_args, get_origin

from sernas.plan.schema import Names, may_be_null
from sernas.settings.configuration import Configuration
from sernas.settings.key import Entry, Key, entries

HEAD = "| key | meaning | values | redoes |\n|---|---|---|---|\n"
NOUNS = {int: "integer", float: "number", str: "text"}
COUNTS = {2: "two"}
MANY = 5  # values that differ in a number alone
TOP = [entry.name for entry in entries(Configuration)]


def key_table(names: Names) -> str:
    """A row a key: its name, meaning, values and what changing it redoes.

    Args:
        names: those of the registries "systems", "strategies" and "corpora".
    """
    return HEAD + "".join(
        f"| {' | '.join(row)} |\n" for row in _rows(entries(Configuration), names)
    )


def _rows(fields: Iterable[Entry], names: Names, above: str = "") -> Iterator[tuple[str, ...]]:
    for entry in fields:
        about = entry.about
        if isinstance(about, Key):
            meaning = ". ".join(filter(None, (about.meaning, about.more)))
            yield f"`{above}{entry.name}`", meaning, _values(entry, names), about.redoes
        else:
            inside = above if about.at_top else f"{above}{entry.name}."
            yield from _rows(entries(entry.type), names, inside)


def _values(entry: Entry, names: Names) -> str:
    elsewhere = entry.about.values in TOP and entry.about.values != entry.name
    text = _of_type(entry.type, entry.about, {} if elsewhere else names)
    return f"{text}, or `null`" if may_be_null(entry) else text


def _of_type(kind: Any, about: Key, names: Names) -> str:
    """Which values a type may have, those in a tuple or mapping included."""
    inner = [each for each in get_args(kind) if each not in (NoneType, Ellipsis)]
    origin = get_origin(kind)
    if origin is tuple:
        what = "list of" if Ellipsis in get_args(kind) else f"{COUNTS[len(inner)]} values"
        return f"{what}: {_of_type(inner[0], about, names)}"
    if origin in (dict, Mapping):
        return f"by name: {_of_type(inner[-1], about, names)}"
    if about.values in TOP and about.values not in names:
        return f"one of `{about.values}`"  # the key at which they are listed
    if about.values:
        values = names[about.values] if isinstance(about.values, str) else about.values
        return "; ".join(_listed(values))
    if about.form:
        return about.form.words
    noun = NOUNS[inner[0] if inner else kind]
    return " ".join(filter(None, (noun, _range(about), about.unit)))


def _listed(values: Mapping[str, str]) -> Iterator[str]:
    """Each value and what it means; of many that end in numbers the first and the last one."""
    for _, group in groupby(values.items(), lambda item: re.sub(r"\d+$", "", item[0])):
        numbered = list(group)
        shown = [numbered[0], numbered[-1]] if len(numbered) > MANY else numbered
        texts = (f"`{value}`: {what}" if what else f"`{value}`" for value, what in shown)
        yield from [" to ".join(texts)] if len(numbered) > MANY else texts


def _range(about: Key) -> str:
    """The limits of a number in words."""
    if about.least is not None and about.most is not None:
        return f"{about.least} to {about.most}"
    limits = {
        "from": about.least,
        "above": about.above,
        "up to": about.most,
        "below": about.below,
    }
    return ", ".join(f"{word} {limit}" for word, limit in limits.items() if limit is not None)
