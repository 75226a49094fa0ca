import random

import pytest
import torch

from sernas.benchmarking.steps import SEARCH, SYSTEM, SearchStep, Size
from sernas.models import build_supernet
from sernas.search.supernet import Supernet
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings

CPU = torch.device("cpu")


@pytest.mark.parametrize("strategy", ["joint", "sampling", "dropout"])
def test_the_timed_step_is_the_one_that_searches_take(fold, tiny, strategy):
    supernet = Supernet(build_supernet(SYSTEM, n_bins=32))
    probe = supernet.system.space.baseline | {"conv2d_2": "7x2"}
    search = Search(
        strategy, SYSTEM, fold, tiny.optimisation, SEARCH, SpaceSettings(), 1, probe, CPU
    )
    supernet.load_state_dict(search.supernet.state_dict())
    step = SearchStep(strategy, supernet, Size(32, 2, 40), CPU, period=3)
    search.updates.rng = random.Random(0)
    search_step = search.steps(*search.present())
    for _ in range(3):
        assert step() == search_step(step.x, step.y)
    for name, parameter in supernet.named_parameters():
        assert torch.equal(parameter, dict(search.supernet.named_parameters())[name]), name


def test_draws_repeat_after_the_period(monkeypatch):
    supernet = Supernet(build_supernet(SYSTEM, n_bins=32))
    step = SearchStep("sampling", supernet, Size(32, 1, 16), CPU, period=3)
    drawn = []
    forward = supernet.forward
    monkeypatch.setattr(
        supernet, "forward", lambda x, mixing: (drawn.append(mixing), forward(x, mixing))[1]
    )
    for _ in range(6):
        step()
    assert drawn[:3] == drawn[3:]
    assert drawn[0] != drawn[1]
