"""The files that say again what stands at the fields of the settings."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from sernas.plan.default_config import default_config
from sernas.plan.key_table import key_table
from sernas.plan.registered import registered
from sernas.plan.settings_files import DEFAULT, SCHEMA, TABLE, made
from sernas.settings.configuration import Configuration
from sernas.settings.key import Key, entries

ROOT = Path(__file__).parents[2]


def every_key(kind=Configuration, above=""):
    for entry in entries(kind):
        if isinstance(entry.about, Key):
            yield f"{above}{entry.name}", entry
        else:
            yield from every_key(
                entry.type, above if entry.about.at_top else f"{above}{entry.name}."
            )


KEYS = dict(every_key())


@pytest.mark.parametrize("path", [SCHEMA, DEFAULT, TABLE], ids=str)
def test_the_committed_file_is_the_one_that_is_made(path):
    assert (ROOT / path).read_text() == made(ROOT)[path], "run make settings"


def test_what_is_made_is_in_the_files():
    assert default_config(registered()) == (ROOT / DEFAULT).read_text()
    assert key_table(registered()) in (ROOT / TABLE).read_text()


def test_what_is_written_by_hand_is_kept(tmp_path):
    (tmp_path / TABLE).parent.mkdir()
    (tmp_path / TABLE).write_text((ROOT / TABLE).read_text() + "mine\n")
    assert made(tmp_path)[TABLE] == (ROOT / TABLE).read_text() + "mine\n"


@pytest.mark.parametrize("name", KEYS)
def test_every_key_has_meaning_and_says_what_it_redoes(name):
    about = KEYS[name].about
    assert about.meaning.strip(" .") == about.meaning != ""
    assert about.redoes
    assert not {"|", "\n"} & set(about.meaning + about.more)  # it stands in a table
    row = next(r for r in key_table(registered()).splitlines() if r.startswith(f"| `{name}` |"))
    assert row.count("|") == 5
    assert about.meaning in row


def in_lists(default):
    """As YAML and JSON have it."""
    if isinstance(default, dict):
        return {name: in_lists(each) for name, each in default.items()}
    return list(default) if isinstance(default, tuple) else default


@pytest.mark.parametrize("name", KEYS)
def test_every_default_is_of_its_type_and_within_its_limits(name):
    from jsonschema import validate

    from sernas.plan.schema import config_schema

    known = config_schema(registered(), [])
    for part in name.split("."):
        known = known["properties"][part]
    validate(in_lists(KEYS[name].default), known)


def test_the_default_configuration_holds_the_defaults():
    config = yaml.safe_load(default_config(registered()))
    for name, entry in KEYS.items():
        value = config
        for part in name.split("."):
            value = value[part]
        default = in_lists(entry.default)
        assert (type(value), value) == (type(default), default)
    assert all(len(line) <= 100 for line in default_config(registered()).splitlines())


def test_fields_of_a_section_are_all_keys():
    for entry in entries(Configuration):
        if not isinstance(entry.about, Key):
            fields = [field.name for field in dataclasses.fields(entry.type)]
            assert [each.field for each in entries(entry.type)] == fields
