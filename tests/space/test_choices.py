import dataclasses
import json
import random
from collections import Counter

import pytest

from sernas.base.errors import SettingsError
from sernas.settings.space import SpaceSettings
from sernas.space.choices import require_known
from sernas.space.kernels import is_kernel, kernel
from sernas.space.mix import path
from sernas.systems.card import search_space


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_a_space_holds_5184_architectures(system):
    assert search_space(system).size == 6 * 6 * 6 * 6 * 4 == 5184


def test_candidates_are_table_1():
    space = search_space("cnn_rnn_att")
    assert space["conv2d_1"].candidates == ("2x8", "2x7", "2x6", "1x9", "1x10", "3x5")
    assert space["conv2d_2"].candidates == ("8x2", "7x2", "6x2", "9x1", "10x1", "5x3")
    assert space["conv2d_3"].candidates == ("5x5", "5x4", "4x5", "4x4", "4x6", "6x4")
    assert space["conv2d_4"].candidates == space["conv2d_3"].candidates
    assert space["attention"].candidates == ("32", "48", "64", "80")


def test_the_printed_list_still_builds_the_hand_made_architecture():
    space = search_space("cnn_seqcap", SpaceSettings(conv2d_2="printed"))
    assert space["conv2d_2"].candidates == space["conv2d_1"].candidates
    assert space.only(space.baseline)["conv2d_2"].candidates == ("8x2",)


def test_each_layer_of_a_child_is_that_of_either_parent():
    space, rng = search_space("cnn_rnn_att"), random.Random(0)
    one, other = ({choice.layer: choice.candidates[i] for choice in space.choices} for i in (0, 1))
    children = [space.crossed(one, other, 0.3, rng) for _ in range(2000)]
    for layer in space.layers:
        counts = Counter(child[layer] for child in children)
        assert counts.keys() == {one[layer], other[layer]}
        assert counts[other[layer]] / 2000 == pytest.approx(0.3, abs=0.04)
    assert len({tuple(child.values()) for child in children}) == 2**5


def test_the_largest_weight_of_each_layer_is_derived_the_first_of_equals():
    space = search_space("cnn_rnn_att")
    weights = {layer: [0.1, 0.2, 0.2, 0.1, 0.2, 0.2] for layer in space.layers}
    weights |= {"conv2d_2": [0.1, 0.1, 0.5, 0.3, 0, 0], "attention": [0.1, 0.2, 0.3, 0.4]}
    assert space.derive(weights) == {
        "conv2d_1": "2x7",
        "conv2d_2": "6x2",
        "conv2d_3": "5x4",
        "conv2d_4": "5x4",
        "attention": "80",
    }


def test_a_path_takes_each_operation_of_the_architecture_alone():
    space = search_space("cnn_seqcap")
    architecture = space.draw(random.Random(4))
    for layer, mix in path(space, architecture).items():
        (i,) = mix.candidates
        assert space[layer].candidates[i] == architecture[layer]
        assert mix.weights is None


def test_draws_are_uniform_in_every_layer():
    space, rng = search_space("cnn_seqcap"), random.Random(0)
    draws = [space.draw(rng) for _ in range(12000)]
    for choice in space.choices:
        counts = Counter(draw[choice.layer] for draw in draws)
        expected = 12000 / len(choice.candidates)
        assert set(counts) == set(choice.candidates)
        assert all(abs(n - expected) < 5 * expected**0.5 for n in counts.values())
    assert len({json.dumps(draw) for draw in draws}) > 4000  # the layers are independent


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conv2d_1": "7x7"}, "conv2d_1 cannot be '7x7'; choose one of 2x8"),
        ({"dense": "64"}, "must name the layers conv2d_1, conv2d_2"),
    ],
)
def test_an_architecture_outside_the_space_is_an_error(change, message):
    space = search_space("cnn_rnn_att")
    with pytest.raises(SettingsError, match=message):
        space.only({**space.baseline, **change})


def test_an_unknown_system_is_an_error():
    with pytest.raises(SettingsError, match="of .*cnn_rnn_att, cnn_seqcap, darts_cnn_c4"):
        search_space("rnn")


def test_a_configuration_gives_layers_other_candidates():
    own = search_space("cnn_rnn_att")
    given = {"conv2d_3": ["3x3", "own_operation"], "attention": ["8", "16"], "normal": ["none"]}
    space = search_space("cnn_rnn_att", SpaceSettings(candidates=given))
    assert space.layers == own.layers
    assert space["conv2d_3"].candidates == ("3x3", "own_operation")
    assert space["attention"].candidates == ("8", "16")
    assert [space[f"conv2d_{i}"] for i in (1, 2, 4)] == [own[f"conv2d_{i}"] for i in (1, 2, 4)]
    assert space.size == 6**3 * 2 * 2
    # the hand-made architecture is not among the candidates, and can be built
    assert space.baseline == own.baseline
    assert space.only(space.baseline)["conv2d_3"].candidates == ("5x5",)
    with pytest.raises(SettingsError, match="conv2d_3 cannot be '4x4'; choose one of 3x3, own_op"):
        space.only({**space.baseline, "conv2d_3": "4x4"})


@pytest.mark.parametrize(
    ("layer", "names", "message"),
    [
        ("conv2d_1", [], "space.candidates.conv2d_1: expected at least one candidate, found none"),
        ("conv2d_1", ["2x8", "2x8"], "conv2d_1: found 2x8, 2x8; name each candidate once"),
        ("attention", ["64", "5x5"], "attention: expected widths such as 64, found 64, 5x5"),
        ("attention", ["0"], "attention: expected widths such as 64, found 0"),
    ],
)
def test_candidates_that_a_layer_cannot_have_are_an_error(layer, names, message):
    with pytest.raises(SettingsError, match=message):
        search_space("cnn_rnn_att", SpaceSettings(candidates={layer: names}))


def test_candidates_of_a_layer_that_no_system_has_are_an_error():
    spaces = [search_space(name) for name in ("cnn_rnn_att", "cnn_seqcap", "darts_cnn_c4")]
    known = dict.fromkeys(["conv2d_1", "dense", "attention", "normal", "reduction_5_4"], ["x"])
    require_known(known, spaces)
    with pytest.raises(SettingsError, match="no system has a layer 'deep'; choose one of conv2d_1"):
        require_known({**known, "deep": ["conv_3"]}, spaces)


def test_candidates_come_back_from_json_as_they_were():
    settings = SpaceSettings(
        candidates={"conv2d_3": ["5x5", "skip_connect"], "dense": ("32", "48")}
    )
    assert settings.candidates == {"conv2d_3": ("5x5", "skip_connect"), "dense": ("32", "48")}
    assert SpaceSettings(**json.loads(json.dumps(dataclasses.asdict(settings)))) == settings


def test_kernels_are_told_from_other_labels():
    assert all(map(is_kernel, ["2x8", "1x10", "12x1"]))
    assert not any(map(is_kernel, ["64", "0x3", "3x3_mean", "max_pool_3x3", "2x", "2x8x2", "none"]))
    assert kernel("1x10") == (1, 10)
