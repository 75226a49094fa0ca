"""Functionals decide beside a network, and neither learns of the other."""

import pytest
import torch
from random_inputs import EACH, of_parts, sizes_of, x_of

from sernas.models import build_supernet, build_system, chunks
from sernas.models.beside import QUICKLY, Beside, Quick
from sernas.models.cell_cnn import CellCNN
from sernas.models.functionals import functionals, moments
from sernas.settings.space import SpaceSettings
from sernas.systems.card import SYSTEMS
from sernas.training.epoch import adam

BESIDE = SpaceSettings(beside="functionals", layers="all", over_time="mean_std")
READ = ["cnn_rnn_att", "cnn_seqcap", "handcrafted", "deep", "two_stream_supplement"]


@pytest.fixture(params=READ)
def name(request):
    return request.param


@pytest.fixture
def system(name):
    torch.manual_seed(0)
    system = build_system(name, inputs=sizes_of(name), settings=BESIDE)
    torch.nn.init.normal_(system.dense.weight, std=0.01)
    return system


def decisions(system, x):
    """Scores by the network, and by functionals of what it takes."""
    stream = x[-1] if isinstance(x, tuple) else x  # of several, the speech model's layers
    kind = functionals if stream.shape[1] == 1 else moments
    values = [torch.stack([*kind(row)], -1).flatten() for row in stream]
    return system.network(x), system.dense(torch.stack(values))


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


@torch.no_grad()
def test_in_training_half_of_a_batch_asks_the_network_and_half_the_functionals(system, name):
    x, asked, seen = x_of(name, 7, 40), torch.zeros(7), []
    system.left_out.p = 0.0
    each = decisions(system.eval(), x)
    system.train().network.eval()  # its own dropout and batch norm are not what is asked here
    system.network.register_forward_pre_hook(
        lambda module, args: seen.append(len(args[0] if len(args[0]) == 4 else args[0][0]))
    )
    for _ in range(40):
        scores = system(x)
        by_network, by_functionals = ((scores - s).abs().amax(1) < 1e-4 for s in each)
        assert (by_network ^ by_functionals).all()
        assert by_network.sum() == 4
        asked += by_network
    assert set(seen) == {4}  # it does not see the others
    one = of_parts(lambda part: part[:1], x)
    torch.testing.assert_close(system(one), system.network(one))
    assert asked.min() > 8
    assert asked.max() < 36


def test_one_decision_learns_nothing_of_the_other(system, name):
    seen = set()
    for _ in range(20):
        system.zero_grad(set_to_none=False)
        system.train()(x_of(name, 2, 40))[0, 0].backward()
        moved = {
            name: any(p.grad.any() for p in part.parameters() if p.grad is not None)
            for name, part in (("network", system.network), ("functionals", system.dense))
        }
        assert sum(moved.values()) == 1
        seen |= {name for name, is_moved in moved.items() if is_moved}
    assert seen == {"network", "functionals"}


@torch.no_grad()
def test_training_leaves_out_all_that_is_said_of_some_values_of_a_frame():
    torch.manual_seed(0)
    network = build_system("cnn_rnn_att", n_bins=32)
    system, seen = Beside(network, 0, (1, 32), functionals, 4).train(), []
    system.dense.register_forward_pre_hook(lambda module, args: seen.append(args[0]))
    x = x_of("cnn_rnn_att", 8, 40)
    system(x)
    left_out = (seen[0].unflatten(1, (32, 6)) == 0).all(2)
    assert 0.3 < left_out.float().mean() < 0.7
    assert (seen[0].unflatten(1, (32, 6)) == 0).any(2).equal(left_out)


def test_dropout_is_the_network_s_own(system):
    system.put_dropout(0.25)
    found = [m.p for m in system.network.modules() if isinstance(m, torch.nn.Dropout)]
    assert (0.25 in found) == hasattr(system.network, "dropout")


@pytest.mark.parametrize("name", EACH)
def test_it_stands_beside_all_that_is_trained_by_steps_and_is_not_searched(name):
    expected = not SYSTEMS[name].trainer
    space = SYSTEMS[name].space(BESIDE)
    if all(choice.baseline for choice in space.choices):
        system = build_system(name, inputs=sizes_of(name), settings=BESIDE)
        assert isinstance(system, Beside) == expected
        without = SpaceSettings(layers="all", over_time="mean_std")
        plain = build_system(name, inputs=sizes_of(name), settings=without)
        assert not isinstance(plain, Beside)
    if space.size > 1:
        supernet = build_supernet(name, inputs=sizes_of(name), settings=BESIDE)
        assert not isinstance(supernet, Beside)


def test_the_functionals_begin_with_no_opinion_and_learn_quickly():
    torch.manual_seed(0)
    dense = Quick(12, 4)
    x = torch.randn(8, 12)
    assert not dense(x).any()
    step = adam(dense.parameters(), 1e-3)
    dense(x)[:, 0].sum().backward()
    step.step()
    plain = 1e-3 * x.sum(0).sign()  # of Adam's first step
    torch.testing.assert_close(dense.weight[0], -plain, rtol=1e-3, atol=1e-6)
    expected = QUICKLY * x @ dense.weight[0] + dense.bias[0]
    torch.testing.assert_close(dense(x)[:, 0], expected)
