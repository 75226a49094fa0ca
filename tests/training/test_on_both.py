"""What is kept trains on, on validation speakers too."""

import copy
import dataclasses
import random

import pytest
import torch
from training.heard_otherwise import heard_otherwise

from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.fitted import fit
from sernas.training.from_scratch import Candidates, train_best
from sernas.training.halving import train_by_halving
from sernas.training.on_both import trained_on_both

SPACE = search_space("cnn_rnn_att")
OTHER = SPACE.draw(random.Random(0))
CASES = {
    "steps": ("cnn_rnn_att", [SPACE.baseline, OTHER], train_best),
    "halving": ("cnn_rnn_att", [SPACE.baseline, OTHER], train_by_halving),
    "fitted": ("linear", [{}], fit),
    "alone": ("cnn_rnn_att", [SPACE.baseline], train_best),
    "beside": ("cnn_rnn_att", [SPACE.baseline], train_best),
}


def candidates(name, fold, tiny, **settings):
    system, architectures, _ = CASES[name]
    space = SpaceSettings(beside="linear" if name == "beside" else "none")
    how = TrainingSettings(**{"epochs": 2, **settings}), tiny.optimisation, space
    return Candidates(system, architectures, fold, *how, 3, torch.device("cpu"))


def on_both(name, of_fold, folder):
    trainer = CASES[name][2]
    [trained] = trained_on_both([of_fold], [folder], lambda some, at: list(map(trainer, some, at)))
    return trained


def weights(trained):
    return trained.network.state_dict()


def same(one, other):
    return all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def test_validation_speakers_train_and_the_statistics_stay(fold):
    both = fold.with_validation()
    assert both.speakers("train") == fold.speakers("train", "validation")
    assert both.speakers("validation") == ()
    assert both.speakers("test") == fold.speakers("test")
    assert both.statistics == fold.statistics
    assert both.identity() != fold.identity()
    assert fold.speakers("validation")  # it is as it was


@pytest.mark.parametrize("name", ["steps", "halving", "fitted", "beside"])
def test_the_network_is_that_of_both_and_the_figures_of_the_first(fold, tiny, tmp_path, name):
    system, _, trainer = CASES[name]
    first = trainer(candidates(name, fold, tiny), tmp_path / "first")
    trained = on_both(name, candidates(name, fold, tiny), tmp_path / "both")
    for of_first in ("architecture", "validation_wa", "epoch", "history"):
        assert getattr(trained, of_first) == getattr(first, of_first)
    then = candidates(name, fold.with_validation(), tiny, epochs=first.epoch, select="last")
    anew = dataclasses.replace(then, architectures=[first.architecture])
    then = dataclasses.replace(anew, weights=copy.deepcopy(weights(first)))
    anew, then = trainer(anew, tmp_path / "anew"), trainer(then, tmp_path / "then")
    assert same(weights(trained), weights(then))
    assert same(weights(trained), weights(anew)) == (name == "fitted")
    assert not same(weights(trained), weights(first))
    for amount in ("epochs", "steps", "flops"):
        assert trained.cost[amount] == first.cost[amount] + then.cost[amount]


def test_what_decides_beside_a_network_is_the_baseline_fitted_to_both(fold, tiny, tmp_path):
    def parted(trained):
        return trained.network.network.state_dict(), trained.network.baseline.state_dict()

    first = train_best(candidates("beside", fold, tiny, select="last"))
    network, baseline = parted(first)
    assert same(network, weights(train_best(candidates("alone", fold, tiny, select="last"))))
    assert same(baseline, weights(fit(candidates("fitted", fold, tiny))))
    trained = on_both("beside", candidates("beside", fold, tiny, select="last"), tmp_path)
    network, baseline = parted(trained)
    alone = on_both("alone", candidates("alone", fold, tiny, select="last"), tmp_path / "alone")
    assert same(network, weights(alone))
    assert same(baseline, weights(fit(candidates("fitted", fold.with_validation(), tiny))))
    assert len(baseline["std"].unique()) > 1  # it was fitted


@pytest.mark.parametrize("name", ["steps", "fitted", "beside"])
def test_only_those_who_do_not_test_are_learned_from(fold, tiny, tmp_path, name):
    def of(data, folder):
        return weights(on_both(name, candidates(name, data, tiny, select="last"), folder))

    as_it_is = of(fold, tmp_path / "as_it_is")
    for role, alike in (("test", True), ("validation", False)):
        with heard_otherwise(fold, tiny, tmp_path / f"{role}.h5", fold.speakers(role)) as other:
            assert same(as_it_is, of(other, tmp_path / role)) == alike


def test_a_job_that_was_killed_in_the_second_training_goes_on_there(fold, tiny, tmp_path):
    uninterrupted = on_both("steps", candidates("steps", fold, tiny), tmp_path / "whole")
    calls = []

    def killed(some, at):
        calls.append(at)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return list(map(train_best, some, at))

    with pytest.raises(KeyboardInterrupt):
        trained_on_both([candidates("steps", fold, tiny)], [tmp_path / "killed"], killed)
    trained = on_both("steps", candidates("steps", fold, tiny), tmp_path / "killed")
    assert same(weights(trained), weights(uninterrupted))
    assert trained.history == uninterrupted.history
