"""Which weights a training keeps, and which candidate is best by them."""

import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.evaluation.inference import score
from sernas.evaluation.metrics import ua
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Candidates, Training, train_best
from sernas.training.halving import train_by_halving
from sernas.training.selection import kept, merit

CPU = torch.device("cpu")
HISTORY = [
    {"epoch": 1, "validation_wa": 0.2, "validation_ua": 0.5, "validation_loss": 1.2},
    {"epoch": 2, "validation_wa": 0.4, "validation_ua": 0.3, "validation_loss": 1.1},
    {"epoch": 3, "validation_wa": 0.4, "validation_ua": 0.5, "validation_loss": 1.1},
    {"epoch": 4, "validation_wa": 0.3, "validation_ua": 0.4, "validation_loss": 1.3},
]


@pytest.mark.parametrize(
    ("select", "epoch", "by"),
    [
        ("best_wa", 2, 0.4),
        ("best_ua", 1, 0.5),
        ("best_loss", 2, -1.1),
        ("last", 4, 0.3),
        ("average", 4, 0.3),
    ],
)
def test_which_epoch_is_kept_and_what_candidates_are_compared_by(select, epoch, by):
    assert kept(HISTORY, select)["epoch"] == epoch
    assert merit(HISTORY, select) == by


@pytest.fixture
def training(fold, tiny):
    def make(system="cnn_rnn_att", epochs=3, **settings):
        architecture = search_space(system).draw(random.Random(0))
        settings = TrainingSettings(epochs, **settings)
        return Training(
            system, architecture, fold, settings, tiny.optimisation, SpaceSettings(), 1, CPU
        )

    return make


def weights_by_epoch(training):
    """The weights after each epoch of a training, which is trained."""
    seen, end_epoch = [], training.order.end_epoch

    def noting():
        seen.append({name: p.detach().clone() for name, p in training.network.named_parameters()})
        end_epoch()

    training.order.end_epoch = noting
    return training.train(), seen


@pytest.mark.parametrize("select", ["best_ua", "best_loss", "last"])
def test_the_summary_is_that_of_the_kept_weights(fold, training, select):
    trained, seen = weights_by_epoch(training(epochs=4, select=select))
    for name, weight in trained.network.named_parameters():
        assert torch.equal(weight, seen[trained.epoch - 1][name])
    validation = fold.utterances("validation")
    scores = score(trained.network, validation, CPU)
    wa = float((scores.argmax(1) == validation.labels).double().mean())
    assert wa == trained.validation_wa
    if select == "best_ua":
        best = max(row["validation_ua"] for row in trained.history)
        assert ua(validation.labels.tolist(), scores.argmax(1).tolist()) == best
    if select == "best_loss":
        best = min(row["validation_loss"] for row in trained.history)
        assert float(cross_entropy(scores, validation.labels)) == best


@pytest.mark.parametrize(("system", "of"), [("cnn_rnn_att", 2), ("cnn_rnn_att", 9), ("cnn", 2)])
def test_the_average_is_the_mean_of_the_last_epochs(fold, training, system, of):
    trained, seen = weights_by_epoch(training(system, select="average", average_epochs=of))
    for name, weight in trained.network.named_parameters():
        mean = torch.stack([weights[name] for weights in seen[-of:]]).mean(0)
        torch.testing.assert_close(weight, mean)
        assert not torch.equal(weight, seen[-1][name])
    validation = fold.utterances("validation")
    right = score(trained.network, validation, CPU).argmax(1) == validation.labels
    assert float(right.double().mean()) == trained.validation_wa
    assert trained.history[-1]["validation_wa"] == trained.validation_wa


def test_averaging_does_not_change_what_is_trained(training):
    """Its pass through a network with dropout draws from no generator of the training."""
    _, plain = weights_by_epoch(training("cnn", select="last"))
    _, averaged = weights_by_epoch(training("cnn", select="average"))
    assert all(torch.equal(plain[-1][name], averaged[-1][name]) for name in plain[-1])


def test_batch_norms_of_the_average_have_statistics_of_its_own_weights(fold, training):
    network = training("cnn", select="average", average_epochs=2).train().network
    seen = []
    first = network.encoder.blocks[0]
    first.register_forward_hook(lambda module, _, out: seen.append(out))
    network.eval()
    data = fold.segments("train")
    with torch.no_grad():
        for part in torch.arange(len(data)).split(8):
            network(data.batch(part.numpy())[0])
    means = torch.stack([x.mean((0, 2, 3)) for x in seen]).mean(0)  # batches weigh alike
    torch.testing.assert_close(network.encoder.blocks[1].running_mean, means)


@pytest.mark.parametrize("trainer", [train_best, train_by_halving])
def test_candidates_are_compared_by_what_chooses_epochs(fold, tiny, trainer):
    space, rng = search_space("cnn_rnn_att"), random.Random(0)
    drawn = [space.draw(rng) for _ in range(2)]
    settings = TrainingSettings(2, select="best_loss")
    best = trainer(
        Candidates("cnn_rnn_att", drawn, fold, settings, tiny.optimisation, SpaceSettings(), 1, CPU)
    )
    first = [row for row in best.history if trainer is train_best or row["epoch"] == 1]
    least = min(first, key=lambda row: row["validation_loss"])
    assert best.architecture == drawn[least["candidate"] - 1]
