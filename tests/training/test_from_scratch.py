import random

import torch

from sernas.evaluation.inference import score
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Candidates, Training, seeds_of, train_best

CPU = torch.device("cpu")
BASELINE = search_space("cnn_rnn_att").baseline


def run(fold, tiny, epochs=3, architecture=BASELINE, seed=1):
    settings = TrainingSettings(epochs)
    return Training(
        "cnn_rnn_att", architecture, fold, settings, tiny.optimisation, SpaceSettings(), seed, CPU
    ).train()


def test_the_kept_weights_are_those_of_the_best_validation_epoch(fold, tiny):
    trained = run(fold, tiny, epochs=5)
    was = [row["validation_wa"] for row in trained.history]
    assert trained.validation_wa == max(was)
    assert trained.epoch == was.index(max(was)) + 1  # the earliest of equals
    validation = fold.utterances("validation")
    again = (score(trained.network, validation, CPU).argmax(1) == validation.labels).double().mean()
    assert float(again) == trained.validation_wa


def test_training_repeats_to_the_last_bit(fold, tiny):
    one, two = run(fold, tiny), run(fold, tiny)
    assert one.history == two.history
    for a, b in zip(one.network.parameters(), two.network.parameters(), strict=True):
        assert torch.equal(a, b)
    assert run(fold, tiny, seed=2).history != one.history


def test_test_data_is_not_read(fold, tiny, monkeypatch):
    roles = []
    for name in ("segments", "utterances"):
        method = getattr(fold, name)
        monkeypatch.setattr(
            fold, name, lambda role, method=method: roles.append(role) or method(role)
        )
    run(fold, tiny)
    assert set(roles) == {"train", "validation"}


def test_the_best_of_several_architectures_is_kept(fold, tiny):
    space, rng = search_space("cnn_rnn_att"), random.Random(0)
    drawn = [space.draw(rng) for _ in range(3)]
    best = train_best(
        Candidates(
            "cnn_rnn_att",
            drawn,
            fold,
            TrainingSettings(2),
            tiny.optimisation,
            SpaceSettings(),
            1,
            CPU,
        )
    )
    top = {}
    for row in best.history:
        top[row["candidate"]] = max(top.get(row["candidate"], 0), row["validation_wa"])
    assert len(top) == 3
    assert best.validation_wa == max(top.values())
    assert best.architecture == drawn[max(top, key=top.get) - 1]


def test_an_architecture_that_stands_again_is_trained_by_another_seed(fold, tiny):
    """The first of equals is as it is alone."""
    other = search_space("cnn_rnn_att").draw(random.Random(0))
    settings, space = TrainingSettings(1), SpaceSettings()
    best = train_best(
        Candidates(
            "cnn_rnn_att",
            [BASELINE, other] + [BASELINE],
            fold,
            settings,
            tiny.optimisation,
            space,
            1,
            CPU,
        )
    )
    losses = [row["loss"] for row in best.history]
    assert losses[0] == run(fold, tiny, epochs=1).history[0]["loss"]
    assert losses[1] == run(fold, tiny, epochs=1, architecture=other).history[0]["loss"]
    assert len(set(losses)) == 3
    seeds = seeds_of([BASELINE, other, BASELINE, BASELINE], 1)
    assert seeds[:2] == [1, 1]
    assert len(set(seeds)) == 3
