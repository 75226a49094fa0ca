"""A linear baseline decides beside a network, and neither learns of the other."""

import pytest
import torch
from random_inputs import EACH, fitted, of_parts, sizes_of, x_of

from sernas.models import build_supernet, build_system, chunks
from sernas.models.beside import Beside
from sernas.models.cell_cnn import CellCNN
from sernas.settings.space import SpaceSettings
from sernas.systems.card import SYSTEMS
from sernas.systems.code import code_of_system

WITHOUT = SpaceSettings(layers="all", over_time="mean_std")
BESIDE = SpaceSettings(layers="all", over_time="mean_std", beside="linear")
READ = ["cnn_rnn_att", "cnn_seqcap", "handcrafted", "deep", "two_stream_supplement"]


@pytest.fixture(params=READ)
def name(request):
    return request.param


def built(name, settings):
    torch.manual_seed(0)
    return build_system(name, inputs=sizes_of(name), settings=settings)


@pytest.fixture
def system(name):
    return fitted(built(name, BESIDE))


def decisions(system, x):
    """Scores by the network, and by the baseline of that which it takes."""
    of_layers = isinstance(x, tuple) or x.shape[1] > 1
    name = "linear_embeddings" if of_layers else "linear"
    own = x[-1] if isinstance(x, tuple) else x
    baseline = build_system(name, inputs=(tuple(own.shape[1:3]),))
    baseline.load_state_dict(system.baseline.state_dict())
    return system.network(x), baseline(own)


@torch.no_grad()
def test_a_test_takes_the_mean_of_both_decisions(system, name):
    x = x_of(name, 5, 40)
    both = sum(scores.log_softmax(1) for scores in decisions(system.eval(), x)) / 2
    torch.testing.assert_close(system(x), both)
    utterances = [of_parts(lambda part, i=i: part[i], x) for i in range(5)]
    torch.testing.assert_close(system.score_utterances(utterances), both)


@torch.no_grad()
def test_a_long_utterance_scores_as_it_does_whole(system, name, monkeypatch):
    x = of_parts(lambda part: part[0].double(), x_of(name, 1, 400))
    whole = system.double().eval().score_utterances([x])
    monkeypatch.setattr(chunks, "CHUNK", 32 * 100)
    monkeypatch.setattr(CellCNN, "chunk", 32 * 100)
    streams = x if isinstance(x, tuple) else (x,)
    assert system.is_long(streams)
    torch.testing.assert_close(system.score_long(streams), whole)


def test_the_network_learns_as_if_it_stood_alone(system, name):
    alone, x = built(name, WITHOUT), x_of(name, 4, 40)
    for network in (system, alone):
        torch.manual_seed(1)
        network.train()(x).log_softmax(1)[:, 0].sum().backward()
    pairs = zip(system.network.named_parameters(), alone.named_parameters(), strict=True)
    for (layer, own), (other_layer, other) in pairs:
        assert layer == other_layer
        assert torch.equal(own.grad, other.grad)
    assert all(parameter.grad is None for parameter in system.baseline.parameters())


def test_dropout_is_the_network_s_own(system):
    system.put_dropout(0.25)
    found = [m.p for m in system.network.modules() if isinstance(m, torch.nn.Dropout)]
    assert (0.25 in found) == hasattr(system.network, "dropout")


@pytest.mark.parametrize("name", EACH)
def test_it_stands_beside_all_that_is_trained_by_steps_and_is_not_searched(name):
    expected = not SYSTEMS[name].trainer
    space = SYSTEMS[name].space(BESIDE)
    if all(choice.baseline for choice in space.choices):
        assert isinstance(built(name, BESIDE), Beside) == expected
        assert not isinstance(built(name, WITHOUT), Beside)
    if space.size > 1:
        supernet = build_supernet(name, inputs=sizes_of(name), settings=BESIDE)
        assert not isinstance(supernet, Beside)


def test_its_code_counts(name):
    fit = "sernas.models.logistic"
    assert fit in code_of_system(name, BESIDE)
    assert fit not in code_of_system(name, WITHOUT)
