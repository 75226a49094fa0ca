import pytest
import torch
from training.heard_otherwise import heard_otherwise

from sernas.evaluation.predictions import predict
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.training.fitted import fit
from sernas.training.from_scratch import Candidates

CPU = torch.device("cpu")


def fitted(system, fold, tiny, seed=1):
    settings, space = TrainingSettings(1), SpaceSettings()
    return fit(Candidates(system, [{}], fold, settings, tiny.optimisation, space, seed, CPU))


def weights(trained):
    return trained.network.state_dict()


@pytest.mark.parametrize("system", ["linear", "svm"])
def test_a_fit_learns_and_repeats_whatever_the_seed(fold, tiny, system):
    trained, again = fitted(system, fold, tiny), fitted(system, fold, tiny, seed=2)
    assert trained.history == again.history
    for name, tensor in weights(trained).items():
        assert torch.equal(tensor, weights(again)[name]), name
    table = predict(trained.network, fold.utterances("train"), fold.emotions, CPU)
    assert (table["predicted"] == table["emotion"]).mean() > 0.6
    found = predict(trained.network, fold.utterances("validation"), fold.emotions, CPU)
    assert trained.validation_wa == (found["predicted"] == found["emotion"]).mean()
    assert (trained.cost["steps"], trained.cost["flops"]) == (0, 0)


@pytest.mark.parametrize("system", ["linear", "svm"])
def test_only_training_speakers_are_learned_from(fold, tiny, tmp_path, system):
    """Whatever those who validate and test say, the model is the same."""
    others = fold.speakers("validation", "test")
    with heard_otherwise(fold, tiny, tmp_path / "other.h5", others) as other:
        changed = fitted(system, other, tiny)
    trained = fitted(system, fold, tiny)
    assert changed.history == trained.history
    for name, tensor in weights(trained).items():
        assert torch.equal(tensor, weights(changed)[name]), name
    assert changed.validation_wa == pytest.approx(1 / len(tiny.emotions), abs=0.2)
