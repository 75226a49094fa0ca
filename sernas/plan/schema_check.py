"""A configuration held against its schema: what is wrong, in the words of whoever wrote it."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from datetime import date
from types import NoneType
from typing import Any

from sernas.base.errors import SettingsError


def typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """``value`` with text turned into numbers and null where the schema has those.

    Snakemake hands over what stands inside ``--config search='{epochs: 3}'`` as text.
    """
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {key: typed(entry, known.get(key, {})) for key, entry in value.items()}
    if isinstance(value, list):
        return [typed(entry, schema.get("items", {})) for entry in value]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if isinstance(value, str) and "string" not in types:
        if "null" in types and value in ("null", "~", ""):
            return None
        for kind, number in (("integer", int), ("number", float)):
            if kind in types:
                try:
                    return number(value)
                except ValueError:
                    pass
    return value


def check(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise one SettingsError that lists everything wrong with a configuration."""
    from jsonschema import Draft202012Validator, validators

    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    )
    validator = validators.extend(Draft202012Validator, type_checker=types)(schema)
    errors = sorted(validator.iter_errors(config), key=lambda e: [str(key) for key in e.path])
    if errors:
        lines = (line for error in errors for line in _explain(error))  # some of them say the same
        raise SettingsError(
            "the configuration is wrong:\n"
            + "\n".join(f"  - {line}" for line in dict.fromkeys(lines))
            + "\nconfig/README.md describes every key."
        )


def _is_integer(_, value: Any) -> bool:
    """JSON schema's integers include 3.0, which no ``range`` takes."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_, value: Any) -> bool:
    """YAML has numbers that are not finite, which pass every minimum and maximum."""
    return _is_integer(_, value) or (isinstance(value, float) and math.isfinite(value))


def _explain(error) -> list[str]:
    """What to say of one error of the schema, a line each."""
    place = ".".join(map(_name, error.absolute_path))
    at = f"{place}." if place else ""
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        return [_unknown(at, key, known) for key in error.instance if key not in known]
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return [f"{at}{key} is missing" for key in missing]
    wanted = error.schema.get("description", "").rstrip(".")
    message = error.message
    if error.validator == "pattern":  # which is for machines; people get the end of the description
        wanted, _, form = wanted.rpartition(": ")
        message = f"expected {form}, found {error.instance!r}; rename it"
    elif error.validator == "type" and "string" in error.validator_value:
        message = _made_by_yaml(error.instance, place if len(error.path) == 1 else "")
    return [f"{place or 'the configuration'}: {message}" + (f" ({wanted})" if wanted else "")]


def _made_by_yaml(value: Any, key: str) -> str:
    """What stands where text is expected, and how to quote it.

    Args:
        key: where the command line can have said it; all such are paths, and Snakemake drops
            the quotes of these.
    """
    kinds = {
        bool: ("the truth value", "yes, no, on and off are", "no"),
        int: ("the number", "01, 2023_09 and 12:30 are", "01"),
        float: ("the number", "1e3, 1.50 and .nan are", "1e3"),
        date: ("the date", "2023-09-01 is", "2023-09-01"),
        NoneType: ("no value:", "null, ~ and nothing at all are", "null"),
    }
    for kind, (noun, read, example) in kinds.items():
        if isinstance(value, kind):
            there = f", --config {key}=./{example} on the command line" if key else ""
            return (
                f"expected text, found {noun} {value}, as {read} read without quotes; put it in "
                f'quotes: "{example}" in a file{there}'
            )
    return f"expected text, found {value!r}; write a single text"


def _unknown(at: str, key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(str(key), known, n=1)
    advice = f"did you mean {at}{close[0]}?" if close else f"known keys: {', '.join(known)}"
    return f"{at}{_name(key)} is not a known key; {advice}"


def _name(key: object) -> str:
    """A key as it stands in a message."""
    return str(key) if str(key).isprintable() else repr(key)
