import random

import pytest

from sernas.base.errors import SettingsError
from sernas.search.joined import join_architectures
from sernas.settings.space import SpaceSettings
from sernas.systems.card import SYSTEMS, search_space, streams

SETTINGS = SpaceSettings()
TWO = [system for system in SYSTEMS if len(streams(system)) == 2]


def drawn(system, seed):
    return search_space(system).draw(random.Random(seed))


def test_a_system_of_one_stream_is_searched_itself():
    assert {system for system in SYSTEMS if SYSTEMS[system].parts} == set(TWO)
    assert len(TWO) == 3


@pytest.mark.parametrize("system", TWO)
def test_the_parts_take_a_stream_each(system):
    assert SYSTEMS[system].parts == ("handcrafted", "deep")
    assert tuple(streams(part)[0] for part in SYSTEMS[system].parts) == streams(system)


@pytest.mark.parametrize("system", TWO)
def test_all_layers_of_both_are_joined(system):
    found = [[drawn(part, seed) for seed in (1, 2)] for part in SYSTEMS[system].parts]
    joined = join_architectures(system, found, SETTINGS)
    assert joined == [handcrafted | deep for handcrafted, deep in zip(*found, strict=True)]
    space = search_space(system)
    for architecture in joined:
        assert space.only(architecture).size == 1
        assert len(architecture) == len(space.layers)


def test_two_of_one_stream_are_no_architecture():
    found = [[drawn("handcrafted", 1)], [drawn("handcrafted", 2)]]
    with pytest.raises(SettingsError, match="an architecture must name the layers"):
        join_architectures("two_stream_mean", found, SETTINGS)


def test_as_many_of_one_as_of_the_other():
    found = [[drawn("handcrafted", 1)], [drawn("deep", 1), drawn("deep", 2)]]
    with pytest.raises(ValueError, match="argument 2 is longer"):
        join_architectures("two_stream_mean", found, SETTINGS)
