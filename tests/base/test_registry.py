import sys
from collections import OrderedDict
from types import SimpleNamespace

import pytest

from sernas.base.errors import SettingsError
from sernas.base.registry import Registry, load


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package whose modules add cards to its registry, each when it is imported."""
    root = tmp_path / "zoo"
    (root / "cages").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "cages/__init__.py").write_text("")
    (root / "registry.py").write_text(
        "from sernas.base.registry import Registry\nANIMALS = Registry('animal', 'zoo.cages')\n"
    )
    adds = "from types import SimpleNamespace as Card\nfrom zoo.registry import ANIMALS\n"
    (root / "cages/b.py").write_text(adds + "ANIMALS.add(Card(name='bear'))\n")
    (root / "cages/a.py").write_text(
        adds + "ANIMALS.add(Card(name='zebra'))\nANIMALS.add(Card(name='ant'))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield root
    for name in [name for name in sys.modules if name.partition(".")[0] == "zoo"]:
        del sys.modules[name]


def test_cards_are_found_in_the_order_of_the_modules_and_of_their_adding(package):
    from zoo.registry import ANIMALS

    assert list(ANIMALS) == ["zebra", "ant", "bear"]
    assert len(ANIMALS) == 3
    assert "bear" in ANIMALS
    assert ANIMALS.source("bear") == package / "cages/b.py"
    assert ANIMALS.get("cow") is None


def test_nothing_is_imported_before_a_card_is_asked_for(package):
    from zoo.registry import ANIMALS

    assert "zoo.cages.a" not in sys.modules
    assert ANIMALS["ant"].name == "ant"
    assert "zoo.cages.b" in sys.modules


def test_an_unknown_name_is_an_error_that_names_the_known_ones(package):
    from zoo.registry import ANIMALS

    with pytest.raises(
        SettingsError, match="no animal is called 'cow'; choose one of ant, bear, z"
    ):
        ANIMALS["cow"]


def test_a_name_that_is_taken_is_an_error_that_names_both_files(package):
    from zoo.registry import ANIMALS

    with pytest.raises(SettingsError) as error:  # though nothing was asked for before
        ANIMALS.add(SimpleNamespace(name="bear"))
    assert str(error.value).startswith(f"{__file__}: the animal 'bear' is there already, from ")
    assert str(package / "cages/b.py") in str(error.value)


def test_a_module_that_fails_fails_again(package):
    """Half of the cards must not pass for all of them."""
    from zoo.registry import ANIMALS

    (package / "cages/b.py").write_text("1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            list(ANIMALS)


def test_load_takes_dotted_names_and_leaves_everything_else():
    assert load("collections:OrderedDict") is OrderedDict
    assert load(OrderedDict) is OrderedDict


def test_a_registry_of_no_package_is_a_defect():
    with pytest.raises(ModuleNotFoundError):
        list(Registry("thing", "sernas.nowhere"))
