import random
from itertools import pairwise

import pytest
import torch
from torch import nn

from sernas.models import build_supernet, build_system
from sernas.models.cell_cnn import CellCNN
from sernas.operations.source import Source
from sernas.space.cells import cell_space
from sernas.space.mix import Mix, path

SPACE = cell_space()
GENOTYPE = SPACE.draw(random.Random(0))
MIXING = dict.fromkeys(SPACE.layers, Mix())


@pytest.fixture(scope="module")
def plain():
    torch.manual_seed(0)
    return {cells: CellCNN(SPACE.only(GENOTYPE), cells).eval() for cells in (4, 8)}


@pytest.mark.parametrize(("cells", "reductions"), [(4, [1, 2]), (8, [2, 5])])
def test_reductions_stand_at_a_third_and_two_thirds_and_double_the_channels(
    plain, cells, reductions
):
    cnn = plain[cells]
    kinds = [cell.kind for cell in cnn.cells]
    assert [i for i, kind in enumerate(kinds) if kind == "reduction"] == reductions
    sizes, h = [], cnn.stem(torch.randn(1, 1, 33, 50))
    assert h.shape == (1, 24, 33, 50)
    before = (Source(h), Source(h))
    for cell in cnn.cells:
        before = (before[1], Source(cell(before, MIXING)))
        sizes.append(tuple(before[1].x.shape[1:]))
    at = {0: (32, 33, 50), 1: (64, 17, 25), 2: (128, 9, 13)}
    assert sizes == [at[sum(r <= i for r in reductions)] for i in range(cells)]


@torch.no_grad()
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (33, 7), (128, 20)], ids=str)
def test_any_spectrogram_gives_a_sequence_of_a_quarter_of_its_frames(plain, size):
    maps = plain[4].maps(torch.randn(2, 1, *size), MIXING)
    rows, steps = ((n + 3) // 4 for n in size)
    assert maps.shape == (2, 128, rows, steps)
    x = torch.randn(2, 1, *size)
    sequence = plain[4](x, MIXING)
    assert sequence.shape == (2, steps, plain[4].features)
    torch.testing.assert_close(sequence, plain[4].maps(x, MIXING).mean(2).transpose(1, 2))


def test_cells_of_a_kind_share_their_mix_and_no_weights(plain):
    normal = [cell for cell in plain[8].cells if cell.kind == "normal"]
    names = [[sorted(edge.operations) for edge in cell.edges.values()] for cell in normal]
    assert len(normal) == 6
    assert all(a == b for a, b in pairwise(names))
    shared = {p for cell in normal for p in map(id, cell.parameters())}
    assert len(shared) == sum(len(list(cell.parameters())) for cell in normal)


def test_dropout_follows_every_cell_in_training_alone(plain):
    rates, cnn = [], CellCNN(SPACE.only(GENOTYPE), 4)
    cnn.dropout.register_forward_hook(lambda m, args, out: rates.append((out == 0).double().mean()))
    cnn(torch.randn(2, 1, 32, 32), MIXING)
    assert len(rates) == 4
    assert all(0.25 < rate < 0.4 for rate in rates)  # a few outputs are zero without it
    x = torch.randn(1, 1, 16, 16)
    assert torch.equal(plain[4](x, MIXING), plain[4](x, MIXING))


def test_a_path_of_the_supernet_is_the_derived_network():
    """As in training: a supernet's batch norms have no other mode."""
    torch.manual_seed(0)
    supernet = build_supernet("darts_cnn_lstm_c4_l1", n_bins=32)
    plain = build_system("darts_cnn_lstm_c4_l1", n_bins=32, architecture=GENOTYPE)
    inherited = supernet.state_dict()
    missing = plain.load_state_dict(
        {name: inherited[name] for name in plain.state_dict() if name in inherited}, strict=False
    ).missing_keys
    norms = [n for n, module in plain.named_modules() if isinstance(module, nn.BatchNorm2d)]
    assert {name.rpartition(".")[0] for name in missing} == set(norms)
    x, scores = torch.randn(3, 1, 32, 21), []
    for network, mixing in ((supernet, path(SPACE, GENOTYPE)), (plain, None)):
        torch.manual_seed(1)  # the same dropout
        scores.append(network(x, mixing))
    torch.testing.assert_close(*scores)


def test_the_architecture_weights_of_a_supernet_get_gradients():
    torch.manual_seed(0)
    supernet = build_supernet("darts_cnn_c4", n_bins=16)
    a = {layer: torch.full((8,), 1 / 8, requires_grad=True) for layer in SPACE.layers}
    mixing = {layer: Mix(tuple(range(8)), weights) for layer, weights in a.items()}
    supernet(torch.randn(4, 1, 16, 16), mixing).square().sum().backward()
    for weights in a.values():
        assert weights.grad[0] == 0  # none: what it takes from the others is the softmax's
        assert (weights.grad[1:] != 0).all()
    assert all(p.grad.isfinite().all() for p in supernet.parameters())
    assert not list(supernet.buffers())
