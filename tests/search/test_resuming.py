"""Trainings and searches that were stopped anywhere end as those do that were left alone."""

import dataclasses
import logging
import math
import os
import signal

import pytest
import torch

from sernas.base.diary import NAME, read_diary
from sernas.base.errors import TrainingError
from sernas.base.interrupts import Interrupted
from sernas.search.evolution import Evolution
from sernas.search.supernet_search import Search
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Training

CPU = torch.device("cpu")
STEPS = 4  # an epoch
WHERE = {  # by kind, steps in which it is stopped: first and last ones of epochs, and others
    "cnn_rnn_att": [1, 4, 12],
    "cnn_seqcap": [5, 7],
    "joint": [2, 4, 8],
    "sampling": [5],
    "paths": [3, 9],
    "dropout": [3, 9, 10],
    "alternating": [1, 7, 10, 16],
    "operation_dropout": [3, 8],
    "gdas": [2, 11],
    "nasp": [3, 8],
    "independent_dropout": [6],
    "two_stream_supplement": [2, 4, 11],
    "two_stream_supplement, options": [5, 12],
    "cnn_rnn_att, options": [3],
}
OPTIONS = {
    "options": {
        "select": "last",
        "balance": "loss",
        "mixup": 0.4,
        "dropout": 0.3,
        "crops": "random",
    },
}
READINGS = {
    "alternating": ("dropout", {"bilevel": "alternating"}),
    "paths": ("sampling", {"sampling": "paths"}),
}


@pytest.fixture
def make(request, tiny):
    """Makes a run that was not begun: the training of a system, or a search by a strategy."""

    def make(kind, seed=1, **changes):
        training = kind.startswith(("cnn", "two_stream"))
        fold = request.getfixturevalue("two_stream_fold" if "two_stream" in kind else "fold")
        settings = {"batch_size": math.ceil(len(fold.segments("train")) / STEPS)} | changes
        optimisation = dataclasses.replace(tiny.optimisation, **settings)
        space = SpaceSettings()
        if training:
            system, _, options = kind.partition(", ")
            settings = TrainingSettings(3, **OPTIONS.get(options, {}))
            architecture = search_space(system).baseline
            return Training(system, architecture, fold, settings, optimisation, space, seed, CPU)
        strategy, changes = READINGS.get(kind, (kind, {}))
        settings = SearchSettings(2, 2, 0.01, generations=2, population=4, **changes)
        probe = search_space("cnn_rnn_att").baseline
        return Search(
            strategy, "cnn_rnn_att", fold, optimisation, settings, space, seed, probe, CPU
        )

    return make


def result(run, folder=None):
    """History and weights of a run that ended."""
    run.complete(folder)
    weights = run.best_weights if isinstance(run, Training) else run.supernet.state_dict()
    return run.history, {name: w.clone() for name, w in weights.items()}


@pytest.fixture(scope="module")
def ended():
    return {}


@pytest.fixture
def undisturbed(make, ended):
    """The result of a run that nothing stopped."""

    def get(kind, **changes):
        key = (kind, *changes.items())
        if key not in ended:
            ended[key] = result(make(kind, **changes))
        return ended[key]

    return get


def assert_equal(one, other):
    assert one[0] == other[0]
    assert one[1].keys() == other[1].keys()
    for name, weight in one[1].items():
        assert torch.equal(weight, other[1][name]), name


class Terminated:
    """SIGTERM reaches this process in the n-th call of an optimiser's step."""

    def __init__(self, monkeypatch, n):
        self.left, step = n, torch.optim.Adam.step

        def counted(optimizer, *args):
            step(optimizer, *args)
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGTERM)

        monkeypatch.setattr(torch.optim.Adam, "step", counted)


def stopped(make, kind, folder, monkeypatch, n, **changes):
    """A run that SIGTERM stops in step ``n``."""
    with monkeypatch.context() as patch:
        Terminated(patch, n)
        with pytest.raises(Interrupted, match="SIGTERM"):
            make(kind, **changes).complete(folder)


@pytest.mark.parametrize(("kind", "n"), [(kind, n) for kind in WHERE for n in WHERE[kind]])
def test_stopped_by_sigterm_in_any_step(make, undisturbed, kind, n, tmp_path, monkeypatch, caplog):
    stopped(make, kind, tmp_path, monkeypatch, n)
    with caplog.at_level(logging.INFO):
        again = result(make(kind), tmp_path)
    assert "taken up after" in caplog.text
    assert_equal(again, undisturbed(kind))


@pytest.mark.parametrize("kind", ["cnn_rnn_att", "dropout", "alternating"])
def test_stopped_again_and_again(make, undisturbed, kind, tmp_path, monkeypatch):
    for n in (2, 3, 4, 1):
        stopped(make, kind, tmp_path, monkeypatch, n)
    again = result(make(kind), tmp_path)
    assert_equal(again, undisturbed(kind))
    diary = read_diary(tmp_path / NAME)
    assert [entry.row for entry in diary] == again[0]
    assert sorted(entry.seconds for entry in diary) == [entry.seconds for entry in diary]


COSINE = {"schedule": "cosine", "learning_rates": (0.001, 0.0001)}
LOOKS = [
    ("search.inherited", 1, "joint", {}),
    ("search.inherited", STEPS + 1, "joint", COSINE),  # the probe's are over
    ("evaluation.inference", 1, "cnn_seqcap", {}),
    ("evaluation.inference", 1, "two_stream_supplement, options", {}),
]


@pytest.mark.parametrize(("place", "n", "kind", "changes"), LOOKS)
def test_stopped_while_an_epoch_is_looked_at(
    make, undisturbed, place, n, kind, changes, tmp_path, monkeypatch
):
    """The epoch's steps are over, and its row is not there yet."""
    looks = iter(range(1, n))

    def stop():
        if next(looks, None) is None:
            raise Interrupted(signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(f"sernas.{place}.stop_if_asked", stop)
        with pytest.raises(Interrupted):
            make(kind, **changes).complete(tmp_path)
    assert (tmp_path / "step.pt").exists()
    assert not (tmp_path / "epoch.pt").exists()
    assert_equal(result(make(kind, **changes), tmp_path), undisturbed(kind, **changes))


@pytest.mark.parametrize("strategy", ["single_path", "operation_dropout"])
@pytest.mark.parametrize("paths", [0, 3, 5])
def test_stopped_while_paths_are_ranked(make, undisturbed, strategy, paths, tmp_path, monkeypatch):
    """So many of the two generations' eight are scored, and none of these again."""
    scored, stop, generation = [], paths, Evolution.generation

    def watched(evolution, ranking, loss_of):
        def score(architecture):
            if len(scored) == stop:
                raise Interrupted(signal.SIGTERM)
            scored.append(tuple(architecture.values()))
            return loss_of(architecture)

        return generation(evolution, ranking, score)

    monkeypatch.setattr(Evolution, "generation", watched)
    with pytest.raises(Interrupted):
        make(strategy).complete(tmp_path)
    stop = None
    again = result(make(strategy), tmp_path)
    monkeypatch.undo()
    assert len(scored) == len(set(scored)) == 8
    assert_equal(again, undisturbed(strategy))


@pytest.mark.parametrize("kind", ["cnn_seqcap", "joint", "dropout", "alternating"])
def test_killed_where_nothing_could_be_kept(make, undisturbed, kind, tmp_path, monkeypatch):
    stopped(make, kind, tmp_path, monkeypatch, 7)
    (tmp_path / "step.pt").unlink()
    assert_equal(result(make(kind), tmp_path), undisturbed(kind))


def test_one_that_had_ended_is_not_trained_again(make, tmp_path, monkeypatch):
    first = result(make("cnn_rnn_att"), tmp_path)
    monkeypatch.delattr(torch.optim.Adam, "step")
    assert_equal(result(make("cnn_rnn_att"), tmp_path), first)


# --- files that cannot be used ------------------------------------------------------------------


def damage_by_half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_by_zeros(path):
    path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize("damage", [damage_by_half, damage_by_zeros])
@pytest.mark.parametrize(
    ("damaged", "epochs", "steps"),
    [
        (["step"], 2, 0),
        (["epoch"], 1, 0),
        (["epoch", "step"], 1, 0),
        (["epoch", "before"], None, None),
        (["epoch", "before", "step"], None, None),
    ],
)
def test_a_damaged_checkpoint_gives_way_to_the_one_before(
    make, undisturbed, tmp_path, monkeypatch, caplog, damage, damaged, epochs, steps
):
    stopped(make, "cnn_rnn_att", tmp_path, monkeypatch, 10)
    for name in damaged:
        damage(tmp_path / f"{name}.pt")
    with caplog.at_level(logging.INFO):
        again = result(make("cnn_rnn_att"), tmp_path)
    for name in damaged:
        assert f"{name}.pt is passed over: it is damaged" in caplog.text
    if epochs is None:
        assert "taken up" not in caplog.text
    else:
        assert f"taken up after {epochs} epochs and {steps} steps" in caplog.text
    assert_equal(again, undisturbed("cnn_rnn_att"))


def other_code(monkeypatch, run):
    monkeypatch.setattr("sernas.training.resumable.code_digest", lambda *modules: "edited")
    return run


def other_torch(monkeypatch, run):
    monkeypatch.setattr(torch, "__version__", "2.0.0")
    return run


def other_frames(monkeypatch, run):
    name = run.fold.speakers("train")[0]
    run.fold.stores[0]._moments[name].mean[0] += 1e-3
    return run


def other_split(monkeypatch, run):
    run.fold.split = run.fold.split[1:]
    return run


@pytest.mark.parametrize("change", [other_code, other_torch, other_frames, other_split])
def test_what_else_a_result_depends_on_is_part_of_the_key(
    make, change, tmp_path, monkeypatch, caplog
):
    stopped(make, "cnn_rnn_att", tmp_path, monkeypatch, 6)
    changed = change(monkeypatch, make("cnn_rnn_att"))
    Terminated(monkeypatch, 1)
    with pytest.raises(Interrupted):
        changed.complete(tmp_path)
    assert "epoch.pt is passed over: it is of other settings, data or code" in caplog.text


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("cnn_rnn_att", {"seed": 2}),
        ("cnn_rnn_att", {"learning_rates": (0.002,)}),
        ("cnn_rnn_att", {"precision": "bfloat16"}),
        ("cnn_seqcap", {}),
        ("joint", {}),
        ("alternating", {}),
    ],
)
def test_a_checkpoint_of_another_run_is_never_taken_up(
    make, undisturbed, kind, changes, tmp_path, monkeypatch, caplog
):
    stopped(
        make,
        "dropout" if kind in ("joint", "alternating") else "cnn_rnn_att",
        tmp_path,
        monkeypatch,
        6,
    )
    again = result(make(kind, **changes), tmp_path)
    assert "epoch.pt is passed over: it is of other settings, data or code" in caplog.text
    assert_equal(again, undisturbed(kind, **changes))


def test_a_checkpoint_that_would_run_code_is_not_read(make, tmp_path, caplog):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    torch.save({"key": "", "state": Evil()}, tmp_path / "epoch.pt")
    result(make("cnn_rnn_att"), tmp_path)
    assert not (tmp_path / "ran").exists()
    assert "epoch.pt is passed over: it is damaged" in caplog.text


# --- divergence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cnn_rnn_att", "dropout"])
def test_divergence_names_step_rate_and_utterances(make, kind, tiny):
    with pytest.raises(TrainingError) as error:
        make(kind, learning_rates=(1e20,)).complete()
    text = str(error.value)
    assert "nan at step " in text or "inf at step " in text
    assert "of epoch 1, at the learning rate 1e+20, in a batch of Ses" in text
    assert "lower optimisation.learning_rates, or set optimisation.retries" in text


def test_weights_that_are_not_finite_are_noticed_though_the_loss_is(make):
    with pytest.raises(TrainingError, match="weights became infinite or NaN in epoch 1"):
        make("cnn_rnn_att", learning_rates=(float("inf"),), batch_size=1000).complete()


@pytest.mark.parametrize("kind", ["cnn_rnn_att", "joint"])
def test_a_retry_begins_where_the_last_good_epoch_ended(make, kind, caplog):
    """From the start at a rate of 1e-3, the same as if 1e20 had never been tried."""
    changes = {"retries": 2, "retry_factor": 2.0**-50, "hold_epochs": 3}
    run = make(kind, learning_rates=(2.0**90,), **changes)  # 2**90, 2**40, 2**-10
    again = result(run)
    assert run.setbacks == 2
    assert caplog.text.count("goes on after epoch 0") == 2
    assert_equal(again, result(make(kind, learning_rates=(2.0**-10,))))


def test_a_retry_lowers_the_rate_of_the_architecture_too(make):
    changes = {"retries": 1, "retry_factor": 2.0**-70}
    history, _ = result(make("dropout", learning_rates=(2.0**66,), **changes))
    assert [row["learning_rate"] for row in history[-2:]] == [0.01 * 2.0**-70] * 2


def test_a_retry_keeps_the_epochs_before(make, undisturbed, monkeypatch):
    """Of three epochs the third fails, once, after it was trained."""
    run = make("cnn_rnn_att", retries=1, retry_factor=0.5)
    epoch, left = run.epoch, [3]

    def failing():
        left[0] -= 1
        row = epoch()
        if left[0] == 0:
            raise TrainingError("it diverged")
        return row

    monkeypatch.setattr(run, "epoch", failing)
    history, _ = result(run)
    assert history[:2] == undisturbed("cnn_rnn_att")[0][:2]
    assert [row["learning_rate"] for row in history] == [0.001, 0.001, 0.0005]
    assert run.setbacks == 1
