import random
from collections import Counter

import pytest
import torch
from search.short import SETTINGS

from sernas.models.build import build_supernet
from sernas.operations import mixed_layer
from sernas.search.strategy import STRATEGIES, Moment, everything
from sernas.search.supernet import Supernet
from sernas.space.mix import Mix

NASP, MOMENT = STRATEGIES["nasp"], Moment(0, 1, 0, 1)


def mixing(update, weights, seed=0):
    return getattr(NASP, update)(None, weights, MOMENT, SETTINGS, random.Random(seed))


def test_operations_are_trained_on_the_path_of_the_largest_weights():
    a = {"one": torch.tensor([0.1, 0.6, 0.3]), "two": torch.tensor([0.9, 0.1])}
    assert mixing("operation_mixing", a) == {"one": Mix((1,)), "two": Mix((0,))}


@pytest.mark.parametrize("update", ["operation_mixing", "architecture_mixing"])
def test_of_equal_weights_one_is_drawn(update):
    """And another candidate never, in either update."""
    a, drawn = {"one": torch.tensor([0.4, 0.2, 0.4])}, Counter()
    for seed in range(400):
        mix = mixing(update, a, seed)["one"]
        drawn[mix.candidates[0] if mix.weights is None else int(mix.weights.argmax())] += 1
    assert drawn.keys() == {0, 2}
    assert drawn[0] == pytest.approx(200, abs=50)


@pytest.fixture
def supernet():
    torch.manual_seed(0)
    net = Supernet(build_supernet("cnn_seqcap", n_bins=32)).eval()
    for logits in net.logits.values():
        torch.nn.init.normal_(logits)
    return net


def test_the_architecture_is_judged_at_the_discrete_point_in_one_convolution_a_layer(
    supernet, monkeypatch
):
    """The loss is that of the path, and its gradient by the weights of all candidates that of a
    mixture of any weights, at this point."""
    x, y = torch.randn(4, 1, 32, 60), torch.tensor([0, 1, 2, 3])
    convolutions, loss = [], torch.nn.CrossEntropyLoss()

    def counted(*arguments):
        convolutions.append(arguments)
        return same(*arguments)

    same = mixed_layer.conv2d_same
    monkeypatch.setattr(mixed_layer, "conv2d_same", counted)
    found = loss(supernet(x, mixing("architecture_mixing", supernet.weights())), y)
    found.backward()
    assert len(convolutions) == 2  # of Conv2d_3 and Conv2d_4; the first two are one elsewhere
    of_path = loss(supernet(x, supernet.path(supernet.derive())), y)
    assert found.item() == pytest.approx(of_path.item(), rel=1e-5)
    free = {}
    for layer, a in supernet.weights().items():
        free[layer] = torch.zeros(len(a))
        free[layer][a.argmax()] = 1
        free[layer].requires_grad_()
    loss(supernet(x, everything(free)), y).backward()
    for layer, logits in supernet.logits.items():
        a = torch.softmax(logits.detach(), 0)
        by_softmax = a * (free[layer].grad - (a * free[layer].grad).sum())
        assert logits.grad.norm() > 0
        torch.testing.assert_close(logits.grad, by_softmax, rtol=1e-4, atol=1e-7)
