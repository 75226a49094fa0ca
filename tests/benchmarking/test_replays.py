"""What ought to be the same is compared before the clock starts."""

from types import SimpleNamespace

import pytest
import torch

from sernas.benchmarking import card_steps, small_networks
from sernas.benchmarking.card_steps import Steps, builders_of, check_replayed
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import Size

OPTIONS = Options(torch.device("cpu"), 1, 1, 2)


def test_steps_that_differ_by_how_they_are_launched_are_not_timed(monkeypatch):
    of = Steps("float32", Size(16, 2, 24), "darts_cnn_lstm_c4_l1")  # which drops out
    build = builders_of(of, OPTIONS)["plain"]
    check_replayed(build)

    def once_more(step):
        step()
        return step

    monkeypatch.setattr(card_steps, "by_launches", once_more)
    with pytest.raises(AssertionError):
        check_replayed(build)


def test_networks_that_are_others_at_once_are_not_timed():
    def trained(*losses):
        return [SimpleNamespace(history=[{"loss": loss}, {"loss": 9.0}]) for loss in losses]

    small_networks.check_equal(trained(1.3, 1.2), trained(1.31, 1.2))
    with pytest.raises(AssertionError):
        small_networks.check_equal(trained(1.3, 1.2), trained(1.3, 1.1))
