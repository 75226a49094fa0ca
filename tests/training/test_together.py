"""Networks that are trained together end as each does alone, whatever befalls one of them."""

import dataclasses
import os
import random
import signal
from collections import Counter
from functools import partial

import pytest
import torch
from training.recorder import Recorder

from sernas.base.errors import TrainingError
from sernas.base.interrupts import Interrupted
from sernas.features.store import FeatureStore
from sernas.folds.fold import Fold
from sernas.folds.segments import SegmentData
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import training_statistics
from sernas.models import stacked
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training import together
from sernas.training.devices import prepare
from sernas.training.from_scratch import Candidates, Training, best_of, train_best
from sernas.training.together import train_best_of_each, train_together

CPU = torch.device("cpu")
SIZE = 20  # segments a step
OPTIONS = {"select": "last", "balance": "loss", "mixup": 0.4, "crops": "random"}


@pytest.fixture
def folds(tiny, tmp_path):
    """Three of different numbers of segments."""
    with FeatureStore(tiny.features) as store:
        split = make_folds(store.index, tiny.folds, tiny.emotions)[1]
        opened = []
        for n in range(3):
            rows = split[(split["role"] != "train") | (split.index % 16 >= 7 + 2 * n)]
            write_split(rows, tmp_path / f"{n}.csv")
            training_statistics(store, rows, "bin").save(tmp_path / f"{n}.npz")
            files = tmp_path / f"{n}.csv", (tmp_path / f"{n}.npz",)
            opened.append(Fold((store,), *files, tiny.folds, tiny.emotions))
        yield opened


@pytest.fixture
def makers(folds, tiny):
    """Makes what makes trainings: of so many folds, two architectures each."""

    def makers(system="cnn_rnn_att", number=3, kind=Training, training=None, **changes):
        settings = TrainingSettings(2, **(training or {}))
        optimisation = dataclasses.replace(tiny.optimisation, batch_size=SIZE, **changes)
        drawn = [search_space(system).draw(random.Random(seed)) for seed in range(2)]
        how = settings, optimisation, SpaceSettings()
        return [
            partial(kind, system, architecture, fold, *how, seed, CPU)
            for seed, fold in enumerate(folds[:number])
            for architecture in drawn
        ]

    return makers


class Doubled(Training):
    """In float64."""

    __module__ = Training.__module__

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.network.double().encoder.register_forward_pre_hook(
            lambda encoder, given: (given[0].double(), given[1])
        )

    def altered(self, x, y):
        x, y = super().altered(x, y)
        return x.double(), y.double() if y.is_floating_point() else y


def assert_alike(found, expected, **how):
    """``how``: as close as that; by default to the bit."""
    how = how or {"rtol": 0, "atol": 0}
    for one, other in zip(found, expected, strict=True):
        rows = [[list(row.values()) for row in each.history] for each in (one, other)]
        rows = [torch.tensor(each, dtype=torch.float64) for each in rows]
        torch.testing.assert_close(*rows, **how)
        torch.testing.assert_close(one.network.state_dict(), other.network.state_dict(), **how)
        assert (one.architecture, one.epoch) == (other.architecture, other.epoch)
        assert one.validation_wa == other.validation_wa


@pytest.mark.parametrize(
    ("system", "encoded", "changes"),
    [
        ("cnn_rnn_att", stacked._encoded, {}),
        (
            "cnn_seqcap",
            stacked._in_groups,  # as on a GPU
            {"optimizer": "sgd", "clip": 0.1, "training": OPTIONS},
        ),
    ],
)
def test_each_ends_as_if_it_had_been_trained_alone(makers, system, encoded, changes, monkeypatch):
    monkeypatch.setattr(stacked, "_encoded", encoded)
    begun, groups = makers(system, kind=Doubled, **changes), []
    step = together._step

    def noted(group, descents):
        groups.append(len(group))
        step(group, descents)

    alone = [make().train() for make in begun]
    monkeypatch.setattr(together, "_step", noted)
    found = train_together(begun, [None] * len(begun), 6)
    assert_alike(found, alone, rtol=1e-7, atol=1e-10)
    counts = [len(make().data) for make in begun[::2]]
    assert len(set(counts)) == 3
    assert sum(groups) == sum(trained.cost["steps"] for trained in alone)
    assert max(groups) == 6
    assert groups.count(6) >= 2 * (min(counts) // SIZE) - 1  # all full steps but the very first
    for one, other in zip(found, alone, strict=True):
        for kind in ("epochs", "steps", "flops"):
            assert one.cost[kind] == other.cost[kind] > 0


def test_stopped_anywhere_all_go_on_from_their_steps(makers, tmp_path, monkeypatch):
    begun, taken, step = makers(number=2), [], together._step
    undisturbed = train_together(begun, [None] * 4, 3)

    def stopping(group, descents):
        taken.extend(group)
        step(group, descents)
        if len(stops) and len(taken) >= stops[0]:
            stops.pop(0)
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(together, "_step", stopping)
    stops, places = [2, 9, 20, 27], [tmp_path / str(n) for n in range(4)]
    for n in range(len(stops)):
        with pytest.raises(Interrupted):
            train_together(begun, places, 3)
        assert all((place / "step.pt").exists() for place in places[: 3 if n == 0 else 0])
    assert_alike(train_together(begun, places, 3), undisturbed)
    assert len(taken) == sum(trained.cost["steps"] for trained in undisturbed)  # none twice
    alone = begun[0]()
    alone.complete(places[0], until=0)
    assert not alone.history  # sums of one alone round otherwise: it does not go on from there


def test_one_that_diverges_leaves_the_others_alone(makers, caplog):
    begun = makers(number=2, retries=1)
    expected = train_together(begun, [None] * 4, 4)
    altered, times = Training.altered, []

    class Diverging(Training):
        __module__ = Training.__module__

        def altered(self, x, y):
            x, y = altered(self, x, y)
            if len(self.history) == 1 and self.order.steps == 1:
                times.append(1)
                if len(times) <= most:
                    x = x * torch.nan
            return x, y

    begun[1] = partial(Diverging, *begun[1].args)
    most = 1
    found = train_together(begun, [None] * 4, 4)
    assert_alike(
        [found[i] for i in (0, 2, 3)], [expected[i] for i in (0, 2, 3)], rtol=1e-4, atol=1e-5
    )
    assert "goes on after epoch 1" in caplog.text
    rates = [row["learning_rate"] for row in found[1].history]
    assert rates[1] == pytest.approx(rates[0] / 10)
    times.clear()
    most = 2
    with pytest.raises(TrainingError, match="the training loss became nan at step 2"):
        train_together(begun, [None] * 4, 4)


def test_each_fold_keeps_the_best_of_its_own(folds, tiny, monkeypatch):
    drawn = [search_space("cnn_rnn_att").draw(random.Random(seed)) for seed in range(2)]
    how = TrainingSettings(1, crops="random"), tiny.optimisation, SpaceSettings(), 1, CPU
    candidates = [Candidates("cnn_rnn_att", drawn, fold, *how) for fold in folds[:2]]
    expected = [  # each with data of its own
        best_of([Training("cnn_rnn_att", one, fold, *how).train() for one in drawn])
        for fold in folds[:2]
    ]
    assert_alike([train_best(candidates[0])], expected[:1])
    made, batch = [], SegmentData.batch

    def noted(data, indices):
        made.append(len(indices))
        return batch(data, indices)

    monkeypatch.setattr(SegmentData, "batch", noted)
    found = train_best_of_each(candidates, [None, None], 4)
    assert_alike(found, expected, rtol=1e-3, atol=1e-4)
    # two architectures of a fold see the same batches
    assert len(made) == sum(each.cost["steps"] for each in found) / 2


def test_steps_of_several_are_recorded_as_one(makers, monkeypatch):
    begun = makers("cnn_seqcap", number=2)
    launched = train_together(begun, [None] * 4, 4)
    recorder = Recorder()
    monkeypatch.setattr("sernas.training.stacked_descent.graphs_on", lambda device: recorder)
    assert_alike(train_together(begun, [None] * 4, 4), launched)
    rehearsed, recorded, replayed = recorder.counts
    assert recorded >= 1
    assert replayed > rehearsed


@pytest.mark.gpu
@pytest.mark.filterwarnings("error:.*does not have a deterministic implementation")
@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_on_a_gpu_it_repeats_to_the_bit_and_no_step_waits(makers, modes, monkeypatch, system):
    device, step, taken = prepare("cuda", 1), together._step, Counter()

    def strict(group, descents):
        numbers = tuple(member.number for member in group)
        taken[numbers] += 1  # the first are rehearsed and recorded
        strict = len(group) > 1 and taken[numbers] > 3
        torch.cuda.set_sync_debug_mode("error" if strict else "default")
        try:
            step(group, descents)
        finally:
            torch.cuda.set_sync_debug_mode("default")

    begun = [partial(make.func, *make.args[:-1], device) for make in makers(system, 2)]
    alone = [make().train() for make in begun]
    monkeypatch.setattr(together, "_step", strict)
    found = train_together(begun, [None] * 4, 4)
    assert max(taken.values()) > 3
    taken.clear()
    assert_alike(found, train_together(begun, [None] * 4, 4))
    losses = [[row["loss"] for each in way for row in each.history] for way in (found, alone)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-2)
