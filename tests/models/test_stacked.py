"""Several networks as one score, and learn, as each by itself."""

import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.models import build_system, stacked
from sernas.models.stacked import stacked_scores, stacks
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

CASES = {
    "attention": ("cnn_rnn_att", {}),
    "attention to steps": ("cnn_rnn_att", {"attention": "steps"}),
    "capsules": ("cnn_seqcap", {}),
    "capsules, mean": ("cnn_seqcap", {"routing": "mean"}),
}


def built(system, seed, **settings):
    """Of an architecture of its own, in float64."""
    settings = SpaceSettings(**settings)
    architecture = search_space(system, settings).draw(random.Random(seed))
    torch.manual_seed(seed)
    return build_system(
        system, n_bins=40, architecture=architecture, settings=settings, n_classes=3
    ).double()


def learned(networks, scores):
    """The losses, and the gradients that they leave in each network."""
    losses = torch.stack([cross_entropy(s, torch.tensor([0, 2, 1])) for s in scores])
    losses.sum().backward()
    gradients = [[p.grad for p in network.parameters()] for network in networks]
    for network in networks:
        network.zero_grad(set_to_none=True)
    return losses.detach(), gradients


@pytest.mark.parametrize("encoded", [stacked._encoded, stacked._in_groups])  # on CPUs, on GPUs
@pytest.mark.parametrize("case", CASES)
def test_several_are_as_each_alone(case, encoded, monkeypatch):
    monkeypatch.setattr(stacked, "_encoded", encoded)
    system, settings = CASES[case]
    networks = [built(system, seed, **settings) for seed in range(3)]
    sizes = {tuple(p.shape for p in network.parameters()) for network in networks}
    assert len(sizes) == 3
    assert all(map(stacks, networks))
    torch.manual_seed(0)
    x = torch.randn(3, 1 if case == "attention to steps" else 3, 40, 61, dtype=torch.float64)
    each = zip(networks, x.expand(-1, 3, -1, -1).split(1, 1), strict=True)
    alone = learned(networks, [network(own) for network, own in each])
    losses, gradients = learned(networks, stacked_scores(networks, x))
    torch.testing.assert_close(losses, alone[0], rtol=1e-12, atol=1e-13)
    torch.testing.assert_close(gradients, alone[1], rtol=1e-9, atol=1e-12)
    assert all(p.abs().max() > 0 for own in alone[1] for p in own)


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_in_bfloat16_they_are_as_alone_but_for_its_rounding(system, monkeypatch):
    monkeypatch.setattr(stacked, "_encoded", stacked._in_groups)
    networks = [built(system, seed).float() for seed in range(3)]
    x = torch.randn(3, 3, 40, 61)
    exact = torch.stack([n(own) for n, own in zip(networks, x.split(1, 1), strict=True)])
    with torch.autocast("cpu", torch.bfloat16):
        scores = stacked_scores(networks, x)
    torch.testing.assert_close(scores.float(), exact, rtol=0.05, atol=0.02)
    assert not torch.equal(scores.float(), exact)
    learned(networks, scores.float())


def test_what_does_not_stack():
    network = built("cnn_rnn_att", 0)
    assert stacks(network)
    network.dropout = torch.nn.Dropout(0.1)
    assert not stacks(network)
    assert not stacks(built("cnn_rnn_att", 0, relu="operation"))
    assert not stacks(build_system("cnn_lstm", n_bins=40))


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_what_is_not_finite_in_one_does_not_reach_another(system, monkeypatch):
    monkeypatch.setattr(stacked, "_encoded", stacked._in_groups)
    networks = [built(system, seed) for seed in range(3)]
    x = torch.randn(3, 3, 40, 61, dtype=torch.float64)
    expected = learned(networks, stacked_scores(networks, x))[1]
    x[:, 1] = torch.nan
    losses, gradients = learned(networks, stacked_scores(networks, x))
    assert losses.isnan().tolist() == [False, True, False]
    torch.testing.assert_close(gradients[::2], expected[::2], rtol=0, atol=0)
    assert all(p.isnan().any() for p in gradients[1][-1:])
