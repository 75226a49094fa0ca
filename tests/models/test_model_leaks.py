"""A model that has heard a fold's test speaker, or is of other data, is not tested on it."""

import dataclasses

import pytest
import torch

from sernas.base.errors import FoldError
from sernas.models import build_system
from sernas.models.model_file import Description, load_to_test, save_model
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space


@pytest.fixture
def saved(fold, tmp_path):
    """Saves a model of fold 1 with a changed description."""
    network = build_system("cnn_rnn_att", n_bins=32)
    description = Description(
        "cnn_rnn_att",
        search_space("cnn_rnn_att").baseline,
        ((1, 32),),
        fold.emotions,
        SpaceSettings(),
        fold.speakers("train", "validation"),
    )

    def make(**changes):
        save_model(tmp_path / "m.pt", network, dataclasses.replace(description, **changes))
        return tmp_path / "m.pt"

    return make


def test_a_model_of_the_fold_is_loaded(fold, saved):
    network = load_to_test(saved(), fold)
    assert network(torch.zeros(1, 1, 32, 8)).shape == (1, 4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speakers": ("Ses02F", "Ses01M")}, "trained or validated on Ses01M; delete it and run"),
        ({"inputs": ((1, 40),)}, "inputs of 1 x 32 and .*, found one of inputs of 1 x 40 and"),
        ({"emotions": ("angry", "neutral", "happy", "sad")}, "angry, neutral, happy, sad"),
    ],
)
def test_a_model_of_other_data(fold, saved, changes, message):
    with pytest.raises(FoldError, match=f"m.pt: expected a model .*{message}"):
        load_to_test(saved(**changes), fold)
