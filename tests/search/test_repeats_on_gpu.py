"""On a GPU too what was run again is the same to the bit: pytest -m gpu.

On the CPU one case each, which shows that what is compared here can be run.
"""

import dataclasses

import pandas as pd
import pytest
import torch

from sernas.evaluation.predictions import predict
from sernas.search.supernet_search import Search
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.devices import prepare, resolved
from sernas.training.from_scratch import Training

# an operation that may not repeat, of which torch warns by its name
pytestmark = pytest.mark.filterwarnings("error:.*does not have a deterministic implementation")
CASES = [("cpu", "cnn_rnn_att", "float32")] + [
    pytest.param("cuda", system, precision, marks=pytest.mark.gpu)
    for system in ("cnn_rnn_att", "cnn_seqcap")
    for precision in ("float32", "tf32", "auto")
]


@pytest.fixture
def on_device(tiny, modes):
    """(device, optimisation) of a job whose configuration says so."""

    def prepared(name, precision):
        device = prepare(name, 1, precision)
        asked = dataclasses.replace(tiny.optimisation, precision=precision)
        return device, resolved(asked, device)

    return prepared


def assert_equal(one, other):
    assert one.keys() == other.keys()
    for name, weight in one.items():
        assert torch.equal(weight, other[name]), name


@pytest.mark.parametrize(("name", "system", "precision"), CASES)
def test_a_search_repeats(on_device, fold, name, system, precision):
    device, optimisation = on_device(name, precision)
    settings, space = SearchSettings(2, 2, 0.01), SpaceSettings()
    probe = search_space(system).baseline

    def searched():
        search = Search("dropout", system, fold, optimisation, settings, space, 1, probe, device)
        search.complete()
        return search

    one, other = searched(), searched()
    assert one.history == other.history
    assert_equal(one.supernet.state_dict(), other.supernet.state_dict())


@pytest.mark.parametrize(("name", "system", "precision"), CASES)
def test_a_training_repeats_and_its_predictions(on_device, fold, name, system, precision):
    device, optimisation = on_device(name, precision)
    settings, space = TrainingSettings(2), SpaceSettings()
    architecture = search_space(system).baseline

    def trained():
        run = Training(system, architecture, fold, settings, optimisation, space, 1, device)
        run.complete()
        return run, predict(run.network, fold.utterances("test"), fold.emotions, device)

    (one, its), (other, others) = trained(), trained()
    assert one.history == other.history
    assert_equal(one.best_weights, other.best_weights)
    assert_equal(one.network.state_dict(), other.network.state_dict())
    pd.testing.assert_frame_equal(its, others, check_exact=True)
