"""Mixup and dropout: what a step sees of a batch."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Training
from sernas.training.mixup import mixed

CPU = torch.device("cpu")
RNG = np.random.default_rng


def test_the_loss_of_mixup_is_the_convex_combination():
    """Of a segment whose score is linear in x."""
    x, y, weights = torch.randn(16, 1, 4, 5), torch.randint(4, (16,)), torch.randn(20, 4)
    rng = RNG(0)
    share, order = rng.beta(0.4, 0.4), torch.from_numpy(rng.permutation(16))
    z, targets = mixed((x, 2 * x), torch.eye(4)[y], 0.4, RNG(0))
    torch.testing.assert_close(z[0], share * x + (1 - share) * x[order])
    torch.testing.assert_close(z[1], 2 * z[0])
    scores = z[0].flatten(1) @ weights
    both = share * cross_entropy(scores, y) + (1 - share) * cross_entropy(scores, y[order])
    torch.testing.assert_close(cross_entropy(scores, targets), both)


@pytest.fixture
def training(fold, tiny):
    def make(system="cnn_rnn_att", **settings):
        baseline = search_space(system).baseline
        options = (TrainingSettings(1, **settings), tiny.optimisation, SpaceSettings(), 1, CPU)
        return Training(system, baseline, fold, *options)

    return make


@pytest.mark.parametrize("option", [{"mixup": 0.4}, {"mixup": 0.4, "balance": "loss"}])
def test_a_step_sees_other_mixtures_each_time(training, monkeypatch, option):
    run, seen = training(**option), []
    monkeypatch.setattr(
        "sernas.training.descent.loss_of",
        lambda network, x, y, precision, mixing: seen.append((x, y)) or network(x).sum(),
    )
    x, y = run.data.batch(range(12))
    for _ in range(2):
        run.order.note(run._step(x, y))
    (first, targets), (second, _) = seen
    assert not torch.equal(first, x)
    assert not torch.equal(first, second)
    if option.get("balance"):
        assert float(targets.sum()) == pytest.approx(float(run.targets[y].sum()), rel=1e-5)
        assert not torch.allclose(targets.sum(1), torch.ones(12))
    again = training(**option)
    again._step(x, y)
    assert torch.equal(seen[2][0], first)


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_dropout_is_of_training_alone_and_has_no_weights(training, system):
    plain, run = training(system), training(system, dropout=0.5)
    x, y = run.data.batch(range(12))
    assert run.network.state_dict().keys() == plain.network.state_dict().keys()
    assert torch.equal(run.network.eval()(x), plain.network(x))
    scores = run.network.train()(x), run.network(x)
    assert not torch.equal(*scores)


def test_systems_of_cells_have_their_own_dropout(training):
    plain, run = training("cnn"), training("cnn", dropout=0.5)
    assert str(run.network) == str(plain.network)
