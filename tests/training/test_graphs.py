"""The bookkeeping of recorded steps; what replays them on a CPU stands for CUDA graphs."""

import dataclasses
import os
import signal

import pytest
import torch
from torch import nn
from training.recorder import Recorder, recording

from sernas.base.errors import TrainingError
from sernas.base.interrupts import Interrupted
from sernas.search.signal import of_unit_norm
from sernas.search.supernet_search import Search
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training import graphs
from sernas.training.devices import prepare
from sernas.training.epoch import loaded
from sernas.training.from_scratch import Training
from sernas.training.graphs import MOST, Replays, launched

CPU = torch.device("cpu")
OPTIONS = {"balance": "loss", "mixup": 0.4, "dropout": 0.3, "crops": "random"}


def double(inputs):
    return [2 * x for x in inputs]


def test_a_kind_is_rehearsed_then_recorded_then_replayed_on_what_is_given():
    recorder = Recorder()
    replays = Replays(recorder, nn.Identity())
    for number in range(5):
        (two,) = replays(double, [torch.tensor([1.0 + number])], "a")
        assert two.item() == 2 + 2 * number
    assert recorder.counts == [1, 1, 4]
    for size in (2, 2, 3, 3):
        replays(double, [torch.ones(size)], "a")
    replays(double, [torch.ones(3, dtype=torch.float64)], "a")
    replays(double, [torch.ones(3)], "b")
    replays._network.eval()
    replays(double, [torch.ones(3)], "b")
    assert recorder.counts == [6, 3, 6]


def test_kinds_that_are_not_met_again_soon_are_never_recorded():
    recorder = Recorder()
    replays = Replays(recorder, nn.Identity())
    for number in 2 * list(range(10)):
        replays(double, [torch.ones(1)], number)
    assert recorder.counts == [20, 0, 0]


def test_there_are_only_so_many_recordings(caplog):
    recorder = Recorder()
    replays = Replays(recorder, nn.Identity())
    for number in range(MOST + 3):
        for value in (1.0, 2.0, 3.0):
            (two,) = replays(double, [torch.tensor(value)], number)
            assert two.item() == 2 * value
    assert recorder.counts == [MOST + 3, MOST, 2 * MOST]
    assert caplog.text.count("there are 8 graphs of others") == 1


def test_what_cannot_be_recorded_is_launched_and_said_once(caplog):
    recorder = Recorder(RuntimeError("operation not permitted when stream is capturing\nmore"))
    replays = Replays(recorder, nn.Identity())
    for number in range(8):
        (two,) = replays(double, [torch.tensor(1.0)], number % 2)
        assert two.item() == 2
    assert recorder.counts == [2, 0, 0]
    (line,) = caplog.messages
    assert line.endswith("not as one graph: operation not permitted when stream is capturing")


def test_hooks_are_run_and_nothing_is_replayed_where_that_is_asked_for(caplog):
    recorder, layer, seen = Recorder(), nn.Identity(), []
    replays = Replays(recorder, layer)

    def run(inputs):
        return [layer(inputs[0])]

    with launched():
        for _ in range(3):
            replays(run, [torch.ones(1)], "a")
    assert recorder.counts == [0, 0, 0]
    hook = layer.register_forward_hook(lambda *_: seen.append(1))
    for _ in range(3):
        replays(run, [torch.ones(1)], "a")
    assert recorder.counts == [0, 0, 0]
    assert len(seen) == 3
    assert caplog.text.count("hooks look at its layers") == 1
    hook.remove()
    for _ in range(3):
        replays(run, [torch.ones(1)], "a")
    assert recorder.counts == [1, 1, 2]


def test_nothing_is_recorded_on_a_cpu():
    assert graphs.graphs_on(CPU) is None


# --- trainings and searches ---------------------------------------------------------------------


@pytest.fixture
def make(fold, tiny):
    """Makes a training, or a search by a strategy, of 4 steps an epoch."""

    def make(kind, options=None, device=CPU, system="cnn_rnn_att", **changes):
        size = -(-len(fold.segments("train")) // 4)
        optimisation = dataclasses.replace(tiny.optimisation, batch_size=size, **changes)
        space, baseline = SpaceSettings(), search_space(system).baseline
        if kind == "training":
            settings = TrainingSettings(3, **(options or {}))
            return Training(system, baseline, fold, settings, optimisation, space, 1, device)
        settings = SearchSettings(2, 2, 0.01)
        return Search(kind, system, fold, optimisation, settings, space, 1, baseline, device)

    return make


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def device(request, monkeypatch, modes):
    """A device, where steps are recorded."""
    if request.param == "cpu":
        recording(monkeypatch)
    return prepare(request.param, 1)


def result(run, folder=None):
    run.complete(folder)
    network = run.network if isinstance(run, Training) else run.supernet
    return run.history, {name: w.clone() for name, w in network.state_dict().items()}


def assert_equal(one, other):
    assert one[0] == other[0]
    for name, weight in one[1].items():
        assert torch.equal(weight, other[1][name]), name


@pytest.mark.parametrize(
    ("options", "changes"), [({}, {}), (OPTIONS, {"clip": 0.5}), ({}, {"optimizer": "sgd"})]
)
def test_a_training_is_to_the_bit_what_it_is_without(make, options, changes, monkeypatch):
    expected = result(make("training", options, **changes))
    recorder = recording(monkeypatch)
    run = make("training", options, **changes)
    assert_equal(result(run), expected)
    smaller = len(run.data) % run.optimisation.batch_size > 0  # the last batch, another kind
    assert recorder.counts[1] == 1 + smaller


def test_a_training_whose_steps_cannot_be_recorded_is_none_the_worse(make, monkeypatch, caplog):
    expected = result(make("training", OPTIONS))
    recording(monkeypatch, RuntimeError("no"))
    assert_equal(result(make("training", OPTIONS)), expected)
    assert caplog.text.count("launched kernel by kernel") == 1


@pytest.mark.parametrize(("kind", "options"), [("training", OPTIONS), ("dropout", None)])
@pytest.mark.parametrize("n", [3, 6])
def test_stopped_within_an_epoch_and_taken_up(
    make, device, kind, options, n, monkeypatch, tmp_path
):
    """What is then rehearsed was replayed in the run that nothing stopped."""
    expected = result(make(kind, options, device))
    step, left = torch.optim.Adam.step, [n]

    def counted(optimizer, *args):
        step(optimizer, *args)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.Adam, "step", counted)
        with pytest.raises(Interrupted):
            make(kind, options, device).complete(tmp_path)
    assert_equal(result(make(kind, options, device), tmp_path), expected)


@pytest.mark.parametrize("kind", ["training", "joint"])
def test_after_a_divergence_it_goes_on_with_what_was_recorded(make, kind, monkeypatch):
    """The weights it goes on with are where they were."""
    changes = {"retries": 2, "hold_epochs": 3}
    recorder = recording(monkeypatch)
    run = make(kind, learning_rates=(0.002,), retry_factor=0.5, **changes)
    take, left = run.epoch, [2]

    def failing():
        left[0] -= 1
        row = take()
        if left[0] == 0:
            raise TrainingError("it diverged")
        return row

    monkeypatch.setattr(run, "epoch", failing)
    again = result(run)
    assert run.setbacks == 1
    recorded = recorder.counts[1]
    recording(monkeypatch)
    other = make(kind, learning_rates=(0.002,), retry_factor=0.5, **changes)
    left[0] = 2
    take = other.epoch
    monkeypatch.setattr(other, "epoch", failing)
    with launched():
        assert_equal(result(other), again)
    assert recorded <= 2


def test_floating_point_operations_are_those_of_steps_that_are_launched(make, monkeypatch):
    plain = make("training")
    plain.complete()
    recording(monkeypatch)
    recorded = make("training")
    recorded.complete()
    assert recorded.meter.flops == plain.meter.flops > 0


# --- on a GPU: pytest -m gpu --------------------------------------------------------------------

SYSTEMS = ["cnn_rnn_att", "cnn_seqcap"]
KINDS = ["training", "joint", "dropout", "sampling"]


@pytest.fixture
def cuda(modes, caplog):
    """A GPU, on which everything can be recorded."""
    yield prepare("cuda", 1)
    assert "launched kernel by kernel" not in caplog.text


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_replayed_steps_are_launched_ones_to_the_bit(make, cuda, system, kind, precision):
    def made():
        return make(kind, {"dropout": 0.3}, cuda, system, precision=precision)

    recorded = made()
    found, random = result(recorded), torch.cuda.get_rng_state()
    descent = recorded.descent if kind == "training" else recorded.updates.descent
    assert descent._replays._recordings
    with launched():
        assert_equal(result(made()), found)
    assert torch.equal(torch.cuda.get_rng_state(), random)  # a replay draws as many numbers


@pytest.mark.gpu
@pytest.mark.parametrize("mixture", ["plain", "unit"])
@pytest.mark.parametrize("kind", ["joint", "dropout", "independent_dropout", "sampling"])
def test_no_step_of_a_search_waits_for_the_device(make, cuda, kind, mixture):
    search = make(kind, device=cuda)
    search.updates.with_signal = of_unit_norm if mixture == "unit" else dict
    for stage in search.stages:
        if stage.updates:
            steps, data = search.steps(stage, 0), search._data(stage.updates[-1].role)
            assert_no_wait(steps, data, cuda)


@pytest.mark.gpu
@pytest.mark.parametrize("options", [{}, {"balance": "loss", "mixup": 0.4}])
@pytest.mark.parametrize("system", SYSTEMS)
def test_no_step_of_a_training_waits_for_the_device(make, cuda, system, options):
    run = make("training", options, cuda, system)
    assert_no_wait(run._step, run.data, cuda)


def assert_no_wait(step, data, device):
    """Neither steps nor the making of their batches, once three have been taken."""
    order = [torch.arange(4 * i, 4 * i + 4).numpy() for i in (0, 1, 2)] * 4
    made = loaded(data, order, device)
    for _ in range(3):
        step(*next(made))
    torch.cuda.set_sync_debug_mode("error")
    try:
        for x, y in made:
            step(x, y)
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.gpu
def test_a_recording_that_fails_leaves_no_damage(modes, caplog):
    device = prepare("cuda", 1)
    network = nn.Dropout(0.5)
    replays = Replays(graphs.graphs_on(device), network)

    def run(inputs):
        dropped = network(inputs[0])
        return [dropped * float(dropped.sum() >= 0)]  # which waits

    x = [torch.ones(100, device=device)]

    def drawn(call):
        torch.cuda.manual_seed(0)
        return torch.stack([call()[0] for _ in range(4)])

    expected = drawn(lambda: run(x))
    assert torch.equal(drawn(lambda: replays(run, x, "a")), expected)
    assert caplog.text.count("launched kernel by kernel") == 1
    assert torch.cuda.current_stream() == torch.cuda.default_stream()
    others = Replays(graphs.graphs_on(device), network)  # and others can be recorded
    assert torch.equal(
        drawn(lambda: [y.clone() for y in others(lambda i: [network(*i)], x, "a")]), expected
    )
    assert others._recordings
