"""The default configuration with a comment on every key, made from the fields of the settings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from sernas.plan.schema import Names
from sernas.settings.configuration import Configuration
from sernas.settings.key import Entry, Key, entries

WIDTH = 100
FEW = 4  # values that are listed
HEAD = """\
# The default experiment: all of Table 2 on the built-in demo corpus, in minutes on two CPU cores.
# config/README.md describes every key; config/iemocap.yaml is the paper's protocol.
# The experiments of other papers change some of it (sernas/experiments), and then what a section of
# their name says: rajapakshe2023 or sun2022.
# Other files (--configfile) and --config on the command line override single keys of this one.
# Made by `make settings` from the fields in sernas/settings: edit those.
"""


def default_config(names: Names) -> str:
    """The text of config/config.yaml."""
    return "\n".join([HEAD, *_lines(entries(Configuration), names)]) + "\n"


def _lines(fields: Iterable[Entry], names: Names, indent: str = "") -> Iterator[str]:
    for name, _, kind, default, about in fields:
        if about.heading:
            yield f"\n# --- {about.heading} ".ljust(WIDTH + 1, "-")  # the line break is one
        if isinstance(about, Key):
            line = f"{indent}{name}: {_value(default)}"
            inside = []
            if len(line) > WIDTH and isinstance(default, dict):
                line = f"{indent}{name}:"
                inside = [f"{indent}  {key}: {_value(each)}" for key, each in default.items()]
            yield from _commented(line, _comment(about, names), indent)
            yield from inside
        elif about.at_top:
            yield from _lines(entries(kind), names, indent)
        else:
            yield from _commented(f"{indent}{name}:", about.meaning, indent)
            yield from _lines(entries(kind), names, indent + "  ")


def _comment(about: Key, names: Names) -> str:
    """Meaning and values, unless these are many."""
    values = names.get(about.values, {}) if isinstance(about.values, str) else about.values
    offered = ""
    if len(values) <= FEW:
        offered = " | ".join(f"{v} ({what})" if what else v for v, what in values.items())
    return (f"{about.text}: {offered}" if offered else about.text).replace("`", "")


def _commented(line: str, comment: str, indent: str) -> list[str]:
    """A line and its comment, which stands above where there is no room behind."""
    if not comment:
        return [line]
    if len(together := f"{line} # {comment}") <= WIDTH:
        return [together]
    lead = f"{indent}# "
    return [
        *textwrap.wrap(comment, WIDTH, initial_indent=lead, subsequent_indent=lead),
        line,
    ]


def _value(value: Any) -> str:
    """A default as it stands behind its key."""
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True, sort_keys=False, width=10**6)
    return text.removesuffix("...\n").strip()
