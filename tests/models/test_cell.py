import random

import pytest
import torch

from sernas.base.errors import SettingsError
from sernas.models.cell import Cell, MixedEdge
from sernas.operations.norms import batch_norm
from sernas.operations.source import Source
from sernas.space.cells import NONE, OF_IMAGES, cell_space, edges_of
from sernas.space.choices import Choice
from sernas.space.mix import Mix, path

SPACE = cell_space()
MIXES = {
    "everything": Mix(tuple(range(8)), torch.tensor([0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])),
    "some": Mix((0, 3, 6), torch.tensor([0.5, 9, 9, 0.3, 9, 9, 0.2, 9])),
    "one": Mix((4,)),
    "none": Mix((0,)),
}


@pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES)
def test_of_an_edge_take_part_what_the_mix_says_with_their_weights(mix):
    edge = MixedEdge(Choice("edge", OF_IMAGES), 4, 1, batch_norm(supernet=True))
    names = [OF_IMAGES[i] for i in mix.candidates if i]
    found = list(edge.parts(5, mix))
    assert [(5, name, edge.operations[name]) for name in names] == [part[:3] for part in found]
    weights = [None if mix.weights is None else mix.weights[i] for i in mix.candidates if i]
    assert [part.weight for part in found] == weights


def test_none_is_not_built():
    norm = batch_norm(supernet=False)
    assert not list(MixedEdge(Choice("edge", (NONE,)), 4, 1, norm).modules())[2:]
    two = Choice("edge", (NONE, "skip_connect"))
    assert list(MixedEdge(two, 4, 1, norm).operations) == ["skip_connect"]


def cell(genotype, kind, after_reduction=False):
    torch.manual_seed(0)
    norm = batch_norm(supernet=False)
    return Cell(SPACE.only(genotype), kind, (6, 5), 4, after_reduction, norm)


@pytest.mark.parametrize("kind", ["normal", "reduction"])
def test_a_cell_is_the_graph_that_its_genotype_says(kind):
    """The nodes written out, from the operations of the cell and the names of its edges."""
    for seed in range(4):
        genotype = SPACE.draw(random.Random(seed))
        made = cell(genotype, kind)
        mixing = dict.fromkeys(SPACE.layers, Mix())
        before = Source(torch.randn(2, 6, 9, 6)), Source(torch.randn(2, 5, 9, 6))
        out = made(before, mixing)
        nodes = {0: made.inputs[0](before[0]), 1: made.inputs[1](before[1])}
        for node in (2, 3, 4, 5):
            total = 0
            for source in range(node):
                name = genotype[f"{kind}_{node}_{source}"]
                if name != "none":
                    edge = made.edges[f"{kind}_{node}_{source}"]
                    total = total + edge.operations[name](Source(nodes[source]))
            nodes[node] = total
        expected = torch.cat([nodes[node] for node in (2, 3, 4, 5)], 1)
        torch.testing.assert_close(out, expected)
        assert out.shape == (2, 16, *((5, 3) if kind == "reduction" else (9, 6)))


def test_edges_from_the_inputs_of_a_reduction_cell_have_the_stride():
    made = Cell(SPACE, "reduction", (6, 5), 4, False, batch_norm(supernet=True))
    for edge in edges_of("reduction"):
        operations = made.edges[edge.layer].operations
        stride = 2 if edge.source < 2 else 1
        assert operations["max_pool_3x3"].stride == stride
        assert operations["dil_conv_5x5"].depthwise.stride == (stride, stride)
        assert (type(operations["skip_connect"]).__name__ == "Identity") == (stride == 1)


@pytest.mark.parametrize("size", [(8, 8), (9, 7), (5, 6)], ids=str)
def test_after_a_reduction_the_older_input_is_twice_as_large(size):
    genotype = SPACE.draw(random.Random(0))
    made = cell(genotype, "normal", after_reduction=True)
    half = [-(-n // 2) for n in size]
    before = Source(torch.randn(2, 6, *size)), Source(torch.randn(2, 5, *half))
    assert made(before, dict.fromkeys(SPACE.layers, Mix())).shape == (2, 16, *half)


def test_a_plain_cell_builds_two_operations_a_node():
    made = cell(SPACE.draw(random.Random(0)), "normal")
    assert sum(len(edge.operations) for edge in made.edges.values()) == 8


def test_what_takes_no_part_in_a_supernet_gets_no_gradient():
    torch.manual_seed(0)
    made = Cell(SPACE, "normal", (6, 5), 4, False, batch_norm(supernet=True))
    genotype = SPACE.draw(random.Random(2))
    before = Source(torch.randn(2, 6, 6, 6)), Source(torch.randn(2, 5, 6, 6))
    out = made(before, path(SPACE, genotype))
    out.square().sum().backward()
    for name, parameter in made.edges.named_parameters():
        layer, _, operation, *_ = name.split(".")
        assert (parameter.grad is not None) == (genotype[layer] == operation), name


@pytest.mark.parametrize("kind", ["normal", "reduction"])
def test_a_node_of_which_every_edge_is_none_is_zeros(kind):
    """As a step may draw it where a space leaves an edge little beside none."""
    torch.manual_seed(0)
    made = Cell(SPACE, kind, (6, 5), 4, False, batch_norm(supernet=True))
    mixing = dict.fromkeys(SPACE.layers, Mix((0,)))
    before = Source(torch.randn(2, 6, 9, 6)), Source(torch.randn(2, 5, 9, 6))
    size = (5, 3) if kind == "reduction" else (9, 6)
    assert torch.equal(made(before, mixing), torch.zeros(2, 16, *size))
    # and what follows goes on from it
    mixing |= {f"{kind}_5_2": Mix((3,)), f"{kind}_4_0": Mix((4,))}
    out = made(before, mixing)
    assert out.shape == (2, 16, *size)
    assert not out[:, :8].any()
    assert out[:, 8:12].any()
    out.square().sum().backward()


def test_an_operation_that_cannot_stand_on_an_edge_is_an_error():
    space = SPACE.with_candidates({"reduction_2_0": (NONE, "conv_5")})
    Cell(space, "normal", (6, 5), 4, False, batch_norm(supernet=True))
    with pytest.raises(SettingsError, match="reduction_2_0 cannot hold the operation 'conv_5'"):
        Cell(space, "reduction", (6, 5), 4, False, batch_norm(supernet=True))
