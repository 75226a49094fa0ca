from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from sernas.settings.training import OptimisationSettings
from sernas.training.schedule import Schedule

SETTINGS = OptimisationSettings(
    batch_size=16,
    learning_rates=(0.001, 0.0005, 0.0002, 0.0001),
    hold_epochs=3,
    schedule="loss",
    loss_factor=0.1,
    step_epochs=2,
)


def rates(losses, settings=SETTINGS):
    schedule, seen = Schedule(settings, len(losses)), []
    for loss in losses:
        seen.append(schedule.rate)
        schedule.end_epoch(loss)
    return seen


def test_a_step_each_time_the_loss_has_fallen_to_a_tenth():
    losses = [1.0, 0.5, 0.3, 0.11, 0.1, 0.05, 0.01, 0.002, 0.001, 0.0001, 0.00001]
    a, b, c, d = SETTINGS.learning_rates
    # 0.1 is a tenth of 1.0; then 0.01 of 0.1; then 0.001 of 0.01; then the last rate stays
    assert rates(losses) == [a, a, a, a, a, b, b, c, c, d, d]


def test_no_step_within_the_first_three_epochs():
    a, b = SETTINGS.learning_rates[:2]
    assert rates([1.0, 0.01, 0.01, 0.01]) == [a, a, a, b]


def test_a_loss_that_does_not_fall_keeps_the_rate():
    assert set(rates([1.0] * 60)) == {0.001}


def test_the_rival_steps_by_epochs():
    a, b, c, d = SETTINGS.learning_rates
    got = rates([1.0] * 9, replace(SETTINGS, schedule="epochs"))
    assert got == [a, a, a, b, b, c, c, d, d]


def test_the_cosine_goes_from_the_first_rate_to_the_last():
    settings = replace(SETTINGS, schedule="cosine", learning_rates=(0.025, 0.001))
    got = rates([1.0] * 50, settings)
    assert got[0] == 0.025
    assert got[25] == pytest.approx(0.013)
    assert all(a > b for a, b in pairwise(got))
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.025)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 50, eta_min=0.001)
    for rate in got:
        assert rate == pytest.approx(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()
