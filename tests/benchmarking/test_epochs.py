import time

import pytest
import torch

from sernas.benchmarking import card_steps, supernet_step
from sernas.benchmarking.busy import STEPS, busy
from sernas.benchmarking.cases import FAILED
from sernas.benchmarking.epochs import watched
from sernas.benchmarking.noise_corpus import noise_folds
from sernas.benchmarking.options import Options
from sernas.benchmarking.projection import protocol_of
from sernas.benchmarking.steps import Size
from sernas.benchmarking.timing import WARMUPS
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Training

CPU = torch.device("cpu")


def test_an_epoch_lasts_until_the_next_begins_and_its_steps_are_apart(fold, tiny, monkeypatch):
    baseline = search_space("cnn_seqcap").baseline
    arguments = (tiny.optimisation, SpaceSettings(), 1, CPU)
    run, alone = (
        Training("cnn_seqcap", baseline, fold, TrainingSettings(3), *arguments) for _ in range(2)
    )
    for name in ("tensors", "run_epoch"):
        slow = getattr(run, name)  # tensors: of the check between epochs
        monkeypatch.setattr(run, name, lambda *a, slow=slow: (time.sleep(0.2), slow(*a))[1])
    epochs = watched(run)
    assert len(epochs) == 3
    assert all(seconds > of_steps + 0.2 and of_steps > 0.2 for seconds, of_steps in epochs)
    alone.train()
    assert [row["loss"] for row in run.history] == [row["loss"] for row in alone.history]


def test_noise_has_the_speakers_and_the_proportions_of_iemocap():
    changes = {"features": {"n_mels": 32, "n_fft": 1024}}
    with noise_folds(protocol_of("wu2022", changes), 1 / 20) as [fold]:
        found = fold.split.groupby(["speaker", "emotion"]).size()
        assert found["Ses01F", "neutral"] == 6  # of 119
        assert found["Ses05M", "happy"] == 2  # of 50
        assert len(fold.split) == pytest.approx(2280 / 20, rel=0.1)
        assert len(fold.speakers("train")) == 8
        segments = len(fold.segments("train")) / len(fold.utterances("train"))
        assert segments == pytest.approx(2.75, rel=0.05)
        x, _ = fold.segments("train").batch(range(16))
        assert x.std() == pytest.approx(0.9, abs=0.15)  # the last segments are filled with zeros


def test_busy_is_the_share_in_which_operators_run():
    x = torch.randn(300, 300)
    calls = []

    def step():
        calls.append(x @ x)
        time.sleep(0.05)

    wall, computing = busy(step, CPU)
    assert len(calls) == WARMUPS + 2 * STEPS
    assert wall > 0.05
    assert 0 < computing < wall / 2


def test_steps_that_differ_are_not_timed(monkeypatch):
    branched = supernet_step.branched

    def wrong(supernet):
        with torch.no_grad():
            for parameter in supernet.parameters():
                parameter.mul_(1.1)
        return branched(supernet)

    monkeypatch.setattr(supernet_step, "branched", wrong)
    measured = card_steps.Measured(("cnn_seqcap",), (Size(32, 1, 48),), ("float32",))
    made = card_steps.measure(Options(CPU, 1, 1, 2), "steps", measured)
    [first, *others] = made["variant"]
    assert first.startswith(f"{FAILED}AssertionError")
    assert others == ["plain, computing", "joint, computing"]
