"""Steps whose draws are weights, as they are recorded on CUDA, train what others train."""

import dataclasses
import random

import pytest
import torch
from search.short import SETTINGS
from training.recorder import recording

from sernas.models import build_supernet
from sernas.search.strategy import STRATEGIES, Moment, Ranking
from sernas.search.supernet import Supernet
from sernas.search.updates import Updates
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.training.graphs import launched

STEPS = 4
WU = ["joint", "sampling", "dropout", "independent_dropout"]
CASES = [
    *((strategy, "cnn_rnn_att", {}) for strategy in WU),
    *((strategy, "cnn_seqcap", {}) for strategy in WU),
    ("dropout", "cnn_rnn_att", {"mixture": "unit", "masked": 3}),
    ("independent_dropout", "cnn_rnn_att", {"mixture": "unit", "masked": 3}),
    ("dropout", "cnn_rnn_att", {"bilevel": "alternating"}),
    ("sampling", "cnn_rnn_att", {"sampling": "paths"}),
    ("operation_dropout", "cnn_rnn_att", {}),
    ("gdas", "cnn_rnn_att", {}),
    ("nasp", "cnn_rnn_att", {}),
    ("darts_second_order", "cnn_rnn_att", {}),
]


def made(strategy, system, changes, **readings):
    torch.manual_seed(0)
    space = SpaceSettings(**readings)
    supernet = Supernet(build_supernet(system, n_bins=32, settings=space)).double()
    with torch.no_grad():
        for a in supernet.logits.values():
            a.normal_()
    settings = dataclasses.replace(SETTINGS, **changes)
    optimisation = OptimisationSettings(3, (0.01,), 1, "loss", 0.1, 1)
    card = STRATEGIES[strategy]
    return Updates(supernet, card, settings, optimisation, random.Random(5)), card.stages(settings)


def batches():
    generator = torch.Generator().manual_seed(1)
    while True:
        x = torch.randn(3, 1, 32, 44, generator=generator, dtype=torch.float64)
        yield x, torch.randint(4, (3,), generator=generator)


def states(optimizer):
    """Of each parameter that has one."""
    trained = enumerate(optimizer.param_groups[0]["params"])
    return {i: optimizer.state[p] for i, p in trained if p in optimizer.state}


def assert_close(one, other):
    torch.testing.assert_close(one, other, rtol=1e-8, atol=1e-10)


def assert_same_step(usual, recorded, stage, moment, batch):
    """Both take it; how many parameters have no gradient then."""
    batches = [next(batch) for _ in stage.updates]
    losses = []
    for updates in (usual, recorded):
        torch.manual_seed(1)  # of dropout
        losses.append(updates.step(stage, batches, moment))
    assert_close(*losses)
    pairs = zip(usual.supernet.named_parameters(), recorded.supernet.parameters(), strict=True)
    without = 0
    for (name, one), other in pairs:
        assert_close(other, one)
        assert (one.grad is None) == (other.grad is None), name
        without += one.grad is None
        if one.grad is not None:
            assert_close(other.grad, one.grad)
    for which in ("optimizer", "architecture_optimizer"):
        assert_close(states(getattr(recorded, which)), states(getattr(usual, which)))
    return without


@pytest.mark.parametrize(("strategy", "system", "changes"), CASES)
def test_every_step_is_the_same(strategy, system, changes, monkeypatch):
    usual, stages = made(strategy, system, changes)
    recorder = recording(monkeypatch)
    recorded, _ = made(strategy, system, changes)
    trained = [stage for stage in stages if not isinstance(stage, Ranking)]
    left_out, batch = 0, batches()
    for stage in trained:
        for step in range(STEPS):
            moment = Moment(0, 1, step, STEPS)
            left_out += assert_same_step(usual, recorded, stage, moment, batch)
    assert usual.rng.getstate() == recorded.rng.getstate()
    kinds = len({update for s in trained for update in s.updates if update.name != "UNROLLED"})
    assert recorder.counts[:2] == [kinds, kinds]  # whatever was drawn
    assert left_out or strategy in ("joint", "darts_second_order")


@pytest.mark.parametrize(
    ("strategy", "system", "readings", "recordings"),
    [
        ("joint", "cnn_rnn_att", {"relu": "operation"}, 1),
        ("dropout", "cnn_rnn_att", {"relu": "operation"}, 0),
        ("sampling", "cnn_rnn_att", {"relu": "operation"}, 0),
    ],
)
def test_what_is_not_a_sum_of_kernels_is_recorded_draw_by_draw(
    strategy, system, readings, recordings, monkeypatch
):
    usual, (stage, *_) = made(strategy, system, {}, **readings)
    recorder = recording(monkeypatch)
    recorded, _ = made(strategy, system, {}, **readings)
    batch = batches()
    for step in range(STEPS):
        assert_same_step(usual, recorded, stage, Moment(0, 1, step, STEPS), batch)
    assert recorder.counts[1] == recordings


@pytest.mark.parametrize("strategy", ["dropout", "gdas"])
def test_steps_of_cells_are_the_same(strategy, monkeypatch):
    """As they are launched, since what stands for a graph on a CPU would run batch norm twice."""
    usual, (stage, *_) = made(strategy, "darts_cnn_c4", {})
    recording(monkeypatch)
    recorded, _ = made(strategy, "darts_cnn_c4", {})
    with launched():
        assert_same_step(usual, recorded, stage, Moment(0, 1, 0, 1), batches())
