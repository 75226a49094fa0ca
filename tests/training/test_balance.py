"""Classes of different sizes: what their segments weigh."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.balance import class_weights
from sernas.training.from_scratch import Training

LABELS = torch.tensor([0] * 90 + [1] * 9 + [3])
CPU = torch.device("cpu")


def test_weights_are_inverse_to_frequencies_and_1_in_the_mean():
    weights = class_weights(LABELS, 4)
    assert weights[1] == pytest.approx(10 * float(weights[0]))
    assert weights[3] == pytest.approx(90 * float(weights[0]))
    assert float(weights[LABELS].mean()) == pytest.approx(1)


@pytest.fixture
def training(fold, tiny):
    def make(**settings):
        baseline = search_space("cnn_rnn_att").baseline
        options = (TrainingSettings(1, **settings), tiny.optimisation, SpaceSettings(), 1, CPU)
        return Training("cnn_rnn_att", baseline, fold, *options)

    return make


def test_the_loss_weighs_each_segment_by_its_class(training):
    run = training(balance="loss")
    x, y = run.data.batch(range(12))
    with torch.no_grad():
        losses = cross_entropy(run.network(x), y, reduction="none")
    found = run._step(x, y).detach()
    weights = class_weights(run.data.labels, 4)
    assert len(weights.unique()) > 1  # one class has fewer
    assert float(found) == pytest.approx(float((weights[y] * losses).mean()), rel=1e-5)


def test_the_order_is_that_of_a_training_that_is_not_balanced(training):
    def order(run):
        return torch.cat([torch.tensor(b) for b in run.order.batches(len(run.data), 8)]).tolist()

    assert order(training(balance="loss")) == order(training())
