"""Which epoch's weights a training keeps."""

import random

import pytest
import torch

from sernas.evaluation.inference import score
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Candidates, Training, train_best
from sernas.training.halving import train_by_halving
from sernas.training.selection import kept

CPU = torch.device("cpu")


@pytest.mark.parametrize(("select", "epoch"), [("best_wa", 2), ("last", 4)])
def test_which_epoch_is_kept(select, epoch):
    history = [{"epoch": i, "validation_wa": wa} for i, wa in enumerate((0.2, 0.4, 0.4, 0.3), 1)]
    assert kept(history, select)["epoch"] == epoch


def test_the_last_weights_are_kept_where_that_is_asked(fold, tiny):
    architecture = search_space("cnn_rnn_att").draw(random.Random(0))
    settings = TrainingSettings(4, select="last")
    run = Training(
        "cnn_rnn_att", architecture, fold, settings, tiny.optimisation, SpaceSettings(), 1, CPU
    )
    seen, end_epoch = [], run.order.end_epoch

    def noting():
        seen.append({name: p.detach().clone() for name, p in run.network.named_parameters()})
        end_epoch()

    run.order.end_epoch = noting
    trained = run.train()
    assert trained.epoch == 4
    for name, weight in trained.network.named_parameters():
        assert torch.equal(weight, seen[-1][name])
    validation = fold.utterances("validation")
    right = score(trained.network, validation, CPU).argmax(1) == validation.labels
    assert float(right.double().mean()) == trained.validation_wa


@pytest.mark.parametrize("trainer", [train_best, train_by_halving])
def test_candidates_are_compared_by_what_is_kept(fold, tiny, trainer):
    space, rng = search_space("cnn_rnn_att"), random.Random(0)
    drawn = [space.draw(rng) for _ in range(2)]
    settings = TrainingSettings(2, select="last")
    best = trainer(
        Candidates("cnn_rnn_att", drawn, fold, settings, tiny.optimisation, SpaceSettings(), 1, CPU)
    )
    at = 2 if trainer is train_best else 1  # the rung at which one of the two is left
    last = [row for row in best.history if row["epoch"] == at]
    most = max(last, key=lambda row: row["validation_wa"])
    assert best.architecture == drawn[most["candidate"] - 1]
