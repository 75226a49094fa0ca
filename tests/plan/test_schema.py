"""What the schema makes of each kind of field."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from sernas.plan import schema
from sernas.plan.schema import config_schema
from sernas.settings.key import COLOUR, key, section

NAMES = {"systems": ["a", "b"], "strategies": ["c"], "corpora": ["d"]}


@dataclass(frozen=True)
class Inner:
    whole: int = key(2, "a whole number", unit="s", least=1, most=3, redoes="this")
    part: float | None = key(None, "a part", above=0, below=1, redoes="that")


@dataclass(frozen=True)
class Outer:
    text: str = key("", "of `text`", form=COLOUR, redoes="this")
    choice: str = key("x", "one", values={"x": "", "y": "the other"}, redoes="this")
    named: tuple[str, ...] = key((), "names", values="systems", fewest=1, distinct=True, redoes="x")
    pair: tuple[float, float] = key((0, 1), "two", least=0, name="both", redoes="this")
    nested: Mapping[str, tuple[str, ...]] = key({}, "lists", redoes="this")
    inner: Inner = section(Inner)
    spread: Inner = section(Inner, at_top=True, shared=True)


WHOLE = {"type": "integer", "minimum": 1, "maximum": 3, "description": "s; a whole number"}
PART = {
    "type": ["number", "null"],
    "exclusiveMinimum": 0,
    "exclusiveMaximum": 1,
    "description": "a part",
}
INNER = {"whole": WHOLE, "part": PART}
EXPECTED = {
    "text": {"type": "string", "pattern": COLOUR.pattern, "description": "of text: #rrggbb"},
    "choice": {"enum": ["x", "y"], "description": "one"},
    "named": {
        "type": "array",
        "items": {"enum": ["a", "b"]},
        "minItems": 1,
        "uniqueItems": True,
        "description": "names",
    },
    "both": {
        "type": "array",
        "items": {"type": "number", "minimum": 0},
        "minItems": 2,
        "maxItems": 2,
        "description": "two",
    },
    "nested": {
        "type": "object",
        "propertyNames": {"type": "string"},
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
        "description": "lists",
    },
    "inner": {
        "type": "object",
        "additionalProperties": False,
        "required": ["whole", "part"],
        "properties": INNER,
    },
    **INNER,
}


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(schema, "Configuration", Outer)
    return config_schema(NAMES, ["other"])


def test_each_kind_of_field(made):
    sections = ("other", "variants", "by_system")
    offered = {name: each for name, each in made["properties"].items() if name not in sections}
    assert offered == EXPECTED
    assert made["required"] == list(EXPECTED)
    assert made["additionalProperties"] is False


def test_a_section_of_an_experiment_offers_what_is_not_shared(made):
    offered = made["properties"]["other"]
    assert list(offered["properties"]) == ["text", "choice", "named", "both", "nested", "inner"]
    assert offered["additionalProperties"] is False


def test_names_are_those_that_are_handed_over():
    offered = config_schema(NAMES, [])["properties"]
    assert offered["systems"]["items"]["enum"] == ["a", "b"]
    assert offered["figures"]["properties"]["system"]["enum"] == ["a", "b"]
    assert offered["strategies"]["items"]["enum"] == ["c"]
    assert offered["corpus"]["enum"] == ["d"]


def test_it_is_light():
    """The Snakefile makes it at every start."""
    code = (
        "import sys, sernas.plan.schema\n"
        "heavy = {'torch', 'numpy', 'pandas', 'jsonschema', 'yaml'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
