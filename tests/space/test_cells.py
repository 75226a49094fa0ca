import json
import random
from collections import Counter
from itertools import product

import pytest

from sernas.base.errors import SettingsError
from sernas.experiments.experiment import EXPERIMENTS
from sernas.space.cells import (
    CANDIDATES,
    IMAGE_KINDS,
    NONE,
    OF_IMAGES,
    are_edges,
    cell_space,
    edges_into,
    edges_of,
    skip_connections,
)
from sernas.space.choices import Choice, SearchSpace
from sernas.systems.card import SYSTEMS, search_space

SPACE = cell_space()
NODES = (2, 3, 4, 5)


def kept(architecture, kind, node):
    """The edges of a node that are not none, with their operations."""
    layers = [f"{kind}_{node}_{source}" for source in range(node)]
    return {layer: architecture[layer] for layer in layers if architecture[layer] != "none"}


def sure(**names):
    """Weights of 1 for the operations named, and for none on all other edges."""
    chosen = {layer: names.get(layer, "none") for layer in SPACE.layers}
    return {layer: [float(o == chosen[layer]) for o in OF_IMAGES] for layer in SPACE.layers}


def test_each_node_has_an_edge_from_every_node_before_it():
    for kind in IMAGE_KINDS:
        assert [(e.target, e.source) for e in edges_of(kind)] == [
            (target, source) for target in NODES for source in range(target)
        ]
    assert len(SPACE.layers) == 28
    assert SPACE.layers[:3] == ("normal_2_0", "normal_2_1", "normal_3_0")
    assert SPACE.layers[-1] == "reduction_5_4"
    assert all(choice.candidates == OF_IMAGES for choice in SPACE.choices)
    assert len(OF_IMAGES) == 8


def test_the_number_of_genotypes_is_that_of_the_paper():
    """The product of (k + 1) k / 2 * 7^2 over k = 1 to 4, squared (Liu et al. 2019, 3.1.1)."""
    cell = (1 * 49) * (3 * 49) * (6 * 49) * (10 * 49)
    assert SPACE.size == cell**2
    assert 1e18 < SPACE.size < 1.1e18


def test_a_draw_is_a_genotype_and_json_as_it_stands():
    rng = random.Random(0)
    for _ in range(20):
        drawn = SPACE.draw(rng)
        assert json.loads(json.dumps(drawn)) == drawn
        assert set(drawn) == set(SPACE.layers)
        assert all(len(kept(drawn, k, n)) == 2 for k, n in product(IMAGE_KINDS, NODES))
        plain = SPACE.only(drawn)
        assert plain.size == 1
        assert plain.draw(rng) == drawn
        assert plain.derive({layer: [1.0] for layer in plain.layers}) == drawn


def test_draws_are_uniform_over_the_genotypes():
    rng, n = random.Random(0), 9800
    draws = [SPACE.draw(rng) for _ in range(n)]
    for kind, node in product(IMAGE_KINDS, NODES):
        counts = Counter(tuple(kept(d, kind, node).items()) for d in draws)
        ways = 49 * node * (node - 1) // 2
        assert len(counts) == ways
        assert all(abs(count - n / ways) < 5 * (n / ways) ** 0.5 for count in counts.values())
    both = Counter(tuple((*kept(d, "normal", 3), *kept(d, "reduction", 3))) for d in draws)
    assert len(both) == 9  # the nodes are independent
    assert all(abs(count - n / 9) < 5 * (n / 9) ** 0.5 for count in both.values())


@pytest.mark.parametrize("kinds", [IMAGE_KINDS, ("deep",)])
def test_children_of_genotypes_are_genotypes_with_each_node_of_either_parent(kinds):
    space, rng = cell_space(kinds), random.Random(0)
    differ = 0
    for _ in range(200):
        one, other = space.draw(rng), space.draw(rng)
        child = space.crossed(one, other, 0.5, rng)
        assert space.only(child).size == 1
        for kind, node in product(kinds, NODES):
            found = kept(child, kind, node)
            assert found in (kept(one, kind, node), kept(other, kind, node))
        differ += child not in (one, other)
    assert differ > 150


def test_a_space_of_fewer_candidates_holds_the_genotypes_that_they_allow():
    """Against going through all architectures, with node 4 reduced to few candidates."""
    few = {"normal_4_0": ("none", "a"), "normal_4_1": ("a", "b"), "normal_4_2": ("a",)}
    few["normal_4_3"] = ("none",)
    genotype = SPACE.draw(random.Random(1))
    space = type(SPACE)(
        tuple(Choice(layer, few.get(layer, (operation,))) for layer, operation in genotype.items())
    )
    ways = list(product(*few.values()))
    assert space.size == sum(sum(name != "none" for name in way) == 2 for way in ways) == 2
    rng = random.Random(0)
    drawn = {tuple(kept(space.draw(rng), "normal", 4).items()) for _ in range(40)}
    assert drawn == {(("normal_4_1", o), ("normal_4_2", "a")) for o in "ab"}


def test_each_node_keeps_its_two_strongest_edges_by_their_strongest_operation():
    weights = {layer: [1 / 8] * 8 for layer in SPACE.layers}
    place = OF_IMAGES.index
    for layer, name, weight in [
        ("normal_4_0", "sep_conv_3x3", 0.3),
        ("normal_4_1", "dil_conv_5x5", 0.2),
        ("normal_4_2", "skip_connect", 0.4),
        ("normal_4_3", "none", 0.9),  # whatever none weighs
    ]:
        weights[layer] = [(1 - weight) / 7] * 8
        weights[layer][place(name)] = weight
    weights["normal_4_1"][place("none")] = 0.25  # above the strongest operation
    weights["normal_4_1"][place("max_pool_3x3")] -= 0.25 - 0.8 / 7
    derived = SPACE.derive(weights)
    assert kept(derived, "normal", 4) == {
        "normal_4_0": "sep_conv_3x3",
        "normal_4_2": "skip_connect",
    }
    # where all are equal the first edges and the first operation are kept
    assert kept(derived, "reduction", 5) == {
        "reduction_5_0": "max_pool_3x3",
        "reduction_5_1": "max_pool_3x3",
    }
    SPACE.only(derived)


def test_none_is_never_derived_however_sure_it_is():
    derived = SPACE.derive(sure())
    assert all(len(kept(derived, k, n)) == 2 for k, n in product(IMAGE_KINDS, NODES))


def test_a_genotype_of_sure_weights_is_derived():
    for seed in range(5):
        drawn = SPACE.draw(random.Random(seed))
        assert SPACE.derive(sure(**drawn)) == drawn


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "node 3 of the normal cell must have 2 edges.*found normal_3_0, normal_3_1, nor.*3_2"),
        ({"normal_3_1": NONE, "normal_3_2": NONE}, "must have 2 .*; found normal_3_0 among normal"),
        (dict.fromkeys(["normal_3_0", "normal_3_1", "normal_3_2"], NONE), "found no such edge"),
        ({"normal_3_1": "conv_7x7"}, "normal_3_1 cannot be 'conv_7x7'; choose one of none, max_p"),
    ],
)
def test_a_node_with_other_than_two_inputs_is_an_error(change, message):
    layers = [edge.layer for edge in edges_into("normal", 3)]
    genotype = {**SPACE.draw(random.Random(0)), **dict.fromkeys(layers, "skip_connect")}
    with pytest.raises(SettingsError, match=message):
        SPACE.only({**genotype, **change})


def test_an_edge_that_is_missing_is_an_error():
    genotype = SPACE.draw(random.Random(0))
    del genotype["reduction_2_1"]
    with pytest.raises(SettingsError, match="must name the layers normal_2_0, normal_2_1"):
        SPACE.only(genotype)


def test_there_is_no_hand_made_genotype():
    with pytest.raises(SettingsError, match="no hand-made architecture.*cnn or cnn_lstm"):
        SPACE.baseline  # noqa: B018


def test_skip_connections_are_counted_in_each_cell():
    names = {layer: "skip_connect" for layer in ("normal_2_0", "normal_2_1", "reduction_5_4")}
    nothing = dict.fromkeys(SPACE.layers, "none")
    assert skip_connections(nothing) == {"normal": 0, "reduction": 0}
    assert skip_connections({**nothing, **names}) == {"normal": 2, "reduction": 1}
    drawn = SPACE.draw(random.Random(0))
    assert sum(skip_connections(drawn).values()) == list(drawn.values()).count("skip_connect")


@pytest.mark.parametrize("system", SYSTEMS)
def test_cells_are_told_from_other_layers(system):
    of_cells = system.startswith("darts_") or system in EXPERIMENTS["sun2022"].systems
    assert are_edges(search_space(system).layers) == of_cells


def test_a_space_without_choices_holds_one_architecture():
    space = SearchSpace(())
    assert space.size == 1
    assert space.baseline == space.draw(random.Random(0)) == space.derive({}) == {}
    assert space.only({}) == space
    with pytest.raises(SettingsError, match="found normal_2_0"):
        space.only({"normal_2_0": "none"})


@pytest.mark.parametrize("kinds", [("deep",), ("normal", "reduction", "deep")], ids=str)
def test_cells_of_other_kinds_have_operations_of_their_own(kinds):
    space, rng = cell_space(kinds), random.Random(0)
    assert space.kinds == kinds
    assert space.layers == tuple(edge.layer for kind in kinds for edge in edges_of(kind))
    deep = 6**8 * (1 * 3 * 6 * 10)
    assert space.size == deep * (SPACE.size if len(kinds) > 1 else 1)
    for layer in space.layers:
        assert space[layer].candidates == CANDIDATES[layer.split("_")[0]]
    drawn = space.draw(rng)
    assert all(len(kept(drawn, k, n)) == 2 for k, n in product(kinds, NODES))
    assert space.only(drawn).size == 1
    weights = {c.layer: [1 / len(c.candidates)] * len(c.candidates) for c in space.choices}
    weights["deep_4_2"] = [0.1, 0.1, 0.1, 0.1, 0.4, 0.1, 0.1]
    assert kept(space.derive(weights), "deep", 4) == {"deep_4_2": "bi_gru", "deep_4_0": "conv_3"}
    assert skip_connections(drawn).keys() == set(kinds)
    assert space.signs(drawn).keys() == {f"skips/{kind}" for kind in kinds}
    broken = {**drawn, **dict.fromkeys(["deep_3_0", "deep_3_1", "deep_3_2"], "bi_gru")}
    with pytest.raises(SettingsError, match="node 3 of the deep cell must have 2 edges"):
        space.only(broken)


def test_layers_are_edges_if_all_of_a_kind_are_there_and_no_others():
    assert not are_edges([])
    assert are_edges(cell_space(("deep",)).layers)
    assert not are_edges(cell_space(("deep",)).layers[1:])
    assert not are_edges((*SPACE.layers, "dense"))


@pytest.mark.parametrize("system", EXPERIMENTS["sun2022"].systems)
def test_the_hand_made_genotype_leads_from_both_inputs_to_each_node(system):
    space = search_space(system)
    assert space.hand_made
    for kind, node in product(space.kinds, NODES):
        name = "conv_3" if kind == "deep" else "sep_conv_3x3"
        edges = dict.fromkeys([f"{kind}_{node}_0", f"{kind}_{node}_1"], name)
        assert kept(space.baseline, kind, node) == edges
    assert space.only(space.baseline).size == 1


def test_two_streams_have_the_edges_of_both():
    alone = [set(search_space(name).choices) for name in ("handcrafted", "deep")]
    assert set(search_space("two_stream_supplement").choices) == alone[0] | alone[1]


def test_kinds_of_cells_and_single_edges_are_given_other_candidates():
    few, one = ("none", "max_pool_3x3", "own"), ("none", "skip_connect")
    space = SPACE.with_candidates(
        {"normal": few, "normal_5_4": one, "deep": ("x",), "conv2d_1": ()}
    )
    assert space.layers == SPACE.layers
    for layer in space.layers:
        own = few if layer.startswith("normal") else OF_IMAGES
        assert space[layer].candidates == (one if layer == "normal_5_4" else own)
    drawn = [space.draw(random.Random(seed)) for seed in range(20)]
    assert {a["normal_5_4"] for a in drawn} == {"none", "skip_connect"}
    assert all(space.only(a).size == 1 for a in drawn)
    assert SPACE.with_candidates({"deep": ("x",)}) == SPACE
    assert {"normal", "reduction", "normal_5_4"} < set(space.names)


@pytest.mark.parametrize(
    ("candidates", "message"),
    [
        ({"normal": ()}, "space.candidates.normal_2_0: expected at least one"),
        ({"normal": ("max_pool_3x3", "skip_connect")}, "node 3 of the normal cell must have 2"),
        ({"reduction": ("none",)}, "node 2 of the reduction cell must have 2 edges"),
        ({"normal_2_1": ("none",)}, "node 2 of the normal cell .* name none and at least one oper"),
    ],
)
def test_candidates_that_allow_no_genotype_are_an_error(candidates, message):
    with pytest.raises(SettingsError, match=message):
        SPACE.with_candidates(candidates)


def test_an_edge_that_cannot_be_none_is_kept():
    space = SPACE.with_candidates({"normal_4_3": ("skip_connect", "max_pool_3x3")})
    weights = {c.layer: [1 / len(c.candidates)] * len(c.candidates) for c in space.choices}
    weights["normal_4_0"] = [0, 0.9, *[0.1 / 6] * 6]
    weights["normal_4_1"] = [0, 0.8, *[0.2 / 6] * 6]
    derived = space.derive(weights)
    assert kept(derived, "normal", 4) == {
        "normal_4_3": "skip_connect",
        "normal_4_0": "max_pool_3x3",
    }
    space.only(derived)


def test_the_hand_made_genotype_is_built_whatever_the_candidates():
    given = {"normal": ("none", "skip_connect"), "deep": ("none", "bi_gru")}
    space = search_space("two_stream_mean").with_candidates(given)
    assert "sep_conv_3x3" not in space["normal_2_0"].candidates
    assert space.only(space.baseline)["normal_2_0"].candidates == ("sep_conv_3x3",)
