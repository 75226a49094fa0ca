"""The merged kernels against one convolution a candidate, through whole networks."""

import copy
import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.benchmarking.branches import BranchCNN, branched
from sernas.benchmarking.kernels import space_of
from sernas.benchmarking.steps import SEARCH, Size
from sernas.models import build_supernet
from sernas.models.build import network_over
from sernas.search.strategy import STRATEGIES, Moment
from sernas.search.supernet import Supernet
from sernas.settings.space import SpaceSettings

STRATEGY_NAMES = ["joint", "sampling", "dropout"]


def randomised(system):
    """A supernet in which no bias and no architecture weight is zero."""
    supernet = Supernet(system).double()
    torch.manual_seed(1)
    for parameter in supernet.parameters():
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter, std=0.5)
    return supernet


def outcome(supernet, strategy, x, y):
    """The scores, and the gradient of every parameter by name."""
    weights, rng = supernet.weights(), random.Random(3)
    card, moment = STRATEGIES[strategy], Moment(0, 1, 0, 1)
    mixing = card.operation_mixing(supernet.space, weights, moment, SEARCH, rng)
    scores = supernet(x, mixing)
    cross_entropy(scores, y).backward()
    return scores, {name: p.grad for name, p in supernet.named_parameters()}


def assert_equal(supernet, strategy, size):
    x, y = size.data(torch.device("cpu"))
    twin = branched(copy.deepcopy(supernet))
    assert type(twin.system.encoder) is BranchCNN
    assert type(supernet.system.encoder) is not BranchCNN
    merged, gradients = outcome(supernet, strategy, x.double(), y)
    literal, expected = outcome(twin, strategy, x.double(), y)
    torch.testing.assert_close(merged, literal, rtol=1e-10, atol=1e-10)
    assert set(gradients) == set(expected)
    reached = [name for name, gradient in expected.items() if gradient is not None]
    assert any(name.startswith("logits") for name in reached) == (strategy != "sampling")
    for name, gradient in expected.items():
        if gradient is None:
            assert gradients[name] is None, name
        else:
            torch.testing.assert_close(gradients[name], gradient, rtol=1e-10, atol=1e-10, msg=name)


@pytest.mark.parametrize("strategy", STRATEGY_NAMES)
@pytest.mark.parametrize("conv2d_2", ["transposed", "printed"])
@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_merged_kernels_equal_the_branches_in_scores_and_every_gradient(system, conv2d_2, strategy):
    torch.manual_seed(0)
    settings = SpaceSettings(conv2d_2=conv2d_2)
    supernet = randomised(build_supernet(system, n_bins=64, settings=settings))
    assert_equal(supernet, strategy, Size(64, 2, 48))


def test_so_do_24_candidates_within_6x6():
    torch.manual_seed(0)
    system = network_over("cnn_rnn_att", space_of(24), ((1, 32),), 4, SpaceSettings())
    assert_equal(randomised(system), "joint", Size(32, 2, 24))


def test_each_space_holds_the_smaller_ones():
    small, large = space_of(6)["conv2d_3"].candidates, space_of(24)["conv2d_3"].candidates
    assert large[:6] == small
    assert small[0] == "6x6"
    assert len(set(large)) == 24
