import sys

import pytest

from sernas.base.errors import SettingsError
from sernas.base.plugins import load_plugins, module_name
from sernas.corpora.registry import CORPORA
from sernas.systems.card import SYSTEMS


@pytest.fixture
def plugin(tmp_path):
    """Makes a plugin of some text; what it added is forgotten in the end."""
    registries = (CORPORA, SYSTEMS)
    before = [(list(r), dict(r._cards), dict(r._sources)) for r in registries]
    paths = []

    def make(text, name="mine.py"):
        path = tmp_path / name
        path.write_text(text)
        paths.append(path)
        return path

    yield make
    for registry, (_, cards, sources) in zip(registries, before, strict=True):
        registry._cards, registry._sources = cards, sources
    for path in paths:
        sys.modules.pop(module_name(path), None)


CORPUS = """
from sernas.corpora.registry import CORPORA

class Mine:
    name = "mine"
    about = "mine"

CORPORA.add(Mine())
"""


def test_a_plugin_adds_to_a_registry_once(plugin):
    path = plugin(CORPUS)
    load_plugins([str(path), str(path)])
    load_plugins([str(path)])
    assert CORPORA["mine"].name == "mine"
    assert CORPORA.source("mine") == path


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match="plugins: expected a Python file, found none at .*/no"):
        load_plugins([str(tmp_path / "no.py")])


def test_a_file_that_is_no_python(plugin):
    with pytest.raises(SettingsError, match=r"expected a Python file, found .*mine.txt; call it"):
        load_plugins([str(plugin("", "mine.txt"))])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1\nx.y\n", ", line 2, cannot be imported (AttributeError: 'int' object has no"),
        ("import no_such_library\n", ", line 1, cannot be imported (ModuleNotFoundError: No mod"),
        ("x = 1\ndef f(:\n", ", line 2, cannot be imported (SyntaxError: "),
        ("raise SystemExit(3)\n", ", line 1, cannot be imported (SystemExit: 3)"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_its_line(plugin, text, found):
    path = plugin(text)
    for _ in range(2):  # nothing of it is left
        with pytest.raises(SettingsError) as error:
            load_plugins([str(path)])
        assert f"plugins: {path}{found}" in str(error.value)
        assert str(error.value).endswith("mend it, or take it out of plugins")


def test_a_name_of_ours_is_taken(plugin):
    path = plugin(CORPUS.replace('name = "mine"', 'name = "iemocap"'))
    with pytest.raises(SettingsError) as error:
        load_plugins([str(path)])
    assert str(error.value).startswith(
        f"plugins: {path}: the corpus 'iemocap' is there already, from "
    )
    assert "parsers/iemocap.py; give yours another name" in str(error.value)


def test_a_name_of_another_plugin_is_taken(plugin):
    paths = [plugin(CORPUS), plugin(CORPUS, "too.py")]
    with pytest.raises(SettingsError, match=r"too.py: the corpus 'mine' is there .*mine.py; give"):
        load_plugins(map(str, paths))
