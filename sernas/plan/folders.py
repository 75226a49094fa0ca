"""Paths of a configuration: what a shell would have replaced in them, and where results may go."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sernas.base.errors import SettingsError
from sernas.settings.configuration import Configuration
from sernas.settings.key import PATH, Section, entries

_VARIABLE = re.compile(r"\$(\w+|\{[^}]*\})")


def expanded(
    config: Mapping[str, Any], kind: type = Configuration, above: str = ""
) -> dict[str, Any]:
    """``config`` with ``~`` and ``$VARIABLE`` replaced in every path, each written the same way
    whatever slashes are too many.

    Args:
        kind: what declares the keys.
        above: what stands before a key's name in an error.

    Raises:
        SettingsError: there is no such variable, or no such user.
    """
    result = dict(config)
    for name, _, inner, _, about in entries(kind):
        value = config.get(name)
        if isinstance(about, Section) and about.at_top:
            result = expanded(result, inner, above)
        elif isinstance(about, Section) and isinstance(value, Mapping):
            result[name] = expanded(value, inner, f"{above}{name}.")
        elif getattr(about, "form", None) is PATH:
            if isinstance(value, list):
                result[name] = [_expanded(each, f"{above}{name}") for each in value]
            elif name in config:
                result[name] = _expanded(value, f"{above}{name}")
    return result


def _expanded(value: Any, key: str) -> Any:
    if not isinstance(value, str) or not value:
        return value  # which the schema then refuses
    path = Path(os.path.expanduser(os.path.expandvars(value)))
    if unknown := _VARIABLE.search(str(path)):
        expected = f"an environment variable {unknown[0]}"
    elif path.parts[:1] and path.parts[0].startswith("~"):
        expected = f"a user {path.parts[0].removeprefix('~')}"
    else:
        return str(path)
    raise SettingsError(
        f"{key}: expected {expected}, found none, in {value}; correct it, or write the path out"
    )


def check_results(results: str, corpus: str) -> None:
    """Refuse a folder for results that is a file, cannot be written to, or is the corpus itself.

    Raises:
        SettingsError: so it is.
    """
    ways = (Path(results), *Path(results).absolute().parents)
    there = next(path for path in ways if os.path.lexists(path))  # as far as one may look
    if not os.path.isdir(there):
        found = f"the file {there}"
    elif not os.access(there, os.W_OK | os.X_OK):
        found = f"that its permissions, or its disk, forbid writing to {there}"
    elif os.path.realpath(results) == os.path.realpath(corpus):
        found = f"the corpus itself, {corpus}"
    else:
        return
    raise SettingsError(
        f"pathvars.results: expected a folder that results can be written to, found {found}; "
        "choose another: --config pathvars='{results: /path/to/results}'"
    )
