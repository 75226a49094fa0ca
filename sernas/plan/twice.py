"""Keys that stand in a configuration file twice: YAML takes the last one without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sernas.base.errors import SettingsError


def check_keys_once(files: Iterable[str | Path]) -> None:
    """Raise SettingsError if a mapping in one of these files has a key twice."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in files:
        try:
            document = yaml.compose(Path(path).read_text(encoding="utf-8"), loader)
        except yaml.YAMLError:  # JSON may be no YAML
            continue
        for first, again in _twice(document):
            raise SettingsError(
                f"{path}: expected each key once, found {again.value} in line "
                f"{first.start_mark.line + 1} and again in line {again.start_mark.line + 1}; "
                "make one of both"
            )


def _twice(node) -> Iterator[tuple]:
    """The nodes of a key that stands twice within one mapping."""
    known = {}
    for each in node.value if node and node.id != "scalar" else ():
        key, value = each if node.id == "mapping" else (None, each)
        if key and key.id == "scalar" and (first := known.setdefault(key.value, key)) is not key:
            yield first, key
        yield from _twice(value)
