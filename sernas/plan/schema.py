"""The JSON schema of the configuration, made from the fields of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, get_args, get_origin

from sernas.settings.configuration import Configuration
from sernas.settings.key import Entry, Key, entries

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAMES = {int: "integer", float: "number", str: "string"}
LIMITS = {
    "least": "minimum",
    "most": "maximum",
    "above": "exclusiveMinimum",
    "below": "exclusiveMaximum",
}

VARIANTS = "variants"
"""The section whose entries each change the configuration."""
OF_ALL_VARIANTS = ("systems", "strategies", "seed", "seeds")
"""What variants have in common, so that they can be compared."""
BY_SYSTEM = "by_system"
"""The section whose entries each change the configuration for a system."""
OF_A_SYSTEM = ("strategies", "optimisation", "training")
"""What it may change."""

Schema = dict[str, Any]
Names = Mapping[str, Mapping[str, str]]
"""Of each registry its names, and what each of them is."""


def config_schema(names: Names, sections: Iterable[str]) -> Schema:
    """What a configuration may be. Light: it is made at every start of the workflow.

    Args:
        names: those of the registries "systems", "strategies" and "corpora".
        sections: names of experiments, each of which may have a section with what it changes. Its
            values are not checked there, but in place of the others.
    """
    schema = _mapping(entries(Configuration), names)
    changed = {
        "type": "object",
        "description": "what differs in this experiment",
        "additionalProperties": False,
        "properties": {
            entry.name: {} for entry in entries(Configuration) if not entry.about.shared
        },
    }
    schema["properties"] |= dict.fromkeys(sections, changed)
    schema["properties"][BY_SYSTEM] = {
        "type": "object",
        "description": "by system, what differs in its rows",
        "propertyNames": {"enum": list(names["systems"])},
        "additionalProperties": changed | {"properties": {key: {} for key in OF_A_SYSTEM}},
    }
    varying = {key: {} for key in changed["properties"] if key not in OF_ALL_VARIANTS}
    schema["properties"][VARIANTS] = {
        "type": "object",
        "description": "by name, what differs in a variant: letters, digits and underscores",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": changed | {"properties": varying},
    }
    about = "the configuration of sernas; config/README.md describes every key"
    return {"$schema": DIALECT, "description": about, **schema}


def may_be_null(entry: Entry) -> bool:
    """Whether ``null`` is a value of a key."""
    return entry.default is None or NoneType in get_args(entry.type)


def _mapping(fields: Iterable[Entry], names: Names) -> Schema:
    properties = dict(_properties(fields, names))
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _properties(fields: Iterable[Entry], names: Names) -> Iterator[tuple[str, Schema]]:
    for entry in fields:
        if isinstance(entry.about, Key):
            yield entry.name, _key(entry, names)
        elif entry.about.at_top:
            yield from _properties(entries(entry.type), names)
        else:
            yield entry.name, _mapping(entries(entry.type), names)


def _key(entry: Entry, names: Names) -> Schema:
    schema = _values(entry.type, entry.about, names)
    if may_be_null(entry):
        schema["type"] = [schema["type"], "null"]
    form = schema.pop("description", None)
    text = entry.about.text.replace("`", "")
    return schema | {"description": f"{text}: {form}" if form else text}


def _values(kind: Any, about: Key, names: Names) -> Schema:
    """What values of a type may be, those in a tuple or mapping included."""
    inner = [each for each in get_args(kind) if each not in (NoneType, Ellipsis)]
    origin = get_origin(kind)
    if origin is tuple:
        fixed = Ellipsis not in get_args(kind)
        schema = {"type": "array", "items": _values(inner[0], about, names)}
        if fewest := len(inner) if fixed else about.fewest:
            schema["minItems"] = fewest
        if fixed:
            schema["maxItems"] = fewest
        if about.distinct:
            schema["uniqueItems"] = True
        return schema
    if origin in (dict, Mapping):
        named = {"propertyNames": {"type": "string"}}  # YAML has keys of other types
        return {"type": "object", **named, "additionalProperties": _values(inner[-1], about, names)}
    if about.values:
        known = names[about.values] if isinstance(about.values, str) else about.values
        return {"enum": list(known)}
    schema = {"type": NAMES[inner[0] if inner else kind]}
    limits = {word: getattr(about, limit) for limit, word in LIMITS.items()}
    schema |= {word: limit for word, limit in limits.items() if limit is not None}
    if about.form:
        schema |= {"pattern": about.form.pattern, "description": about.form.words.replace("`", "")}
    return schema
