"""What stages may be, beyond those of our own strategies."""

import dataclasses

import pytest
import torch
from search.short import SETTINGS

from sernas.base.errors import SettingsError
from sernas.search.strategy import STRATEGIES, Moment, Stage, SupernetStrategy, Update
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

OPERATIONS, ARCHITECTURE = Update.OPERATIONS, Update.ARCHITECTURE
UNROLLED, BOTH = Update.UNROLLED, Update.BOTH
SYSTEM = "cnn_rnn_att"
BATCH = 8


@pytest.mark.parametrize(
    ("updates", "name"),
    [
        ([OPERATIONS], "weights"),
        ([BOTH], "weights"),
        ([ARCHITECTURE, ARCHITECTURE, OPERATIONS], "weights"),
        ([UNROLLED, OPERATIONS], "weights"),
        ([ARCHITECTURE], "architecture"),
        ([ARCHITECTURE, ARCHITECTURE], "architecture"),
    ],
)
def test_a_stage_is_called_by_what_it_trains(updates, name):
    assert Stage(1, tuple(updates)).name == name


@pytest.mark.parametrize(
    ("updates", "found"),
    [
        ([], "none"),
        ([UNROLLED], "UNROLLED"),
        ([OPERATIONS, ARCHITECTURE], "OPERATIONS, ARCHITECTURE"),
        ([OPERATIONS, UNROLLED], "OPERATIONS, UNROLLED"),
    ],
)
def test_an_epoch_that_trains_operations_runs_over_training_data(updates, found):
    with pytest.raises(SettingsError, match=f"end with OPERATIONS or BOTH.*found {found};"):
        Stage(1, tuple(updates))


def test_progress_is_0_in_the_first_step_of_a_stage_and_1_in_its_last():
    moments = [Moment(epoch, 3, step, 4) for epoch in range(3) for step in range(4)]
    assert [m.progress for m in moments] == pytest.approx([i / 11 for i in range(12)])
    assert Moment(0, 1, 0, 1).progress == 0


@pytest.fixture
def search(fold, tiny, monkeypatch):
    """Makes a search through given stages."""

    def make(*stages):
        class Other(SupernetStrategy):
            name = how = "other"

            def stages(self, settings):
                return stages

        list(STRATEGIES)  # all of ours are known before the others are held apart
        for held in ("_cards", "_sources"):
            monkeypatch.setattr(STRATEGIES, held, dict(getattr(STRATEGIES, held)))
        STRATEGIES.add(Other())
        optimisation = dataclasses.replace(tiny.optimisation, batch_size=BATCH)
        probe, cpu = search_space(SYSTEM).baseline, torch.device("cpu")
        return Search("other", SYSTEM, fold, optimisation, SETTINGS, SpaceSettings(), 1, probe, cpu)

    return make


def logits(search):
    return torch.cat([a.detach().clone() for a in search.supernet.logits.values()])


def test_epochs_of_two_stages_of_operations_are_numbered_on(search):
    s = search(Stage(2, (OPERATIONS,)), Stage(1, (UNROLLED, BOTH)), Stage(1, (ARCHITECTURE,)))
    uniform = logits(s)
    for _ in range(2):
        s.history.append(s.epoch())
        s.order.end_epoch()
    assert torch.equal(logits(s), uniform)
    assert s.present() == (s.stages[1], 0)
    history = s.run().history
    assert [(row["stage"], row["epoch"]) for row in history] == [
        *(("weights", n) for n in (1, 2, 3)),
        ("architecture", 1),
    ]
    assert not torch.equal(logits(s), uniform)
    assert s.schedule.epoch == s.schedule.epochs == 3


@pytest.mark.parametrize("behind", [0, 3])
def test_each_update_gets_a_batch_of_its_data_that_no_other_of_the_pass_gets(search, fold, behind):
    s = search(Stage(1, (OPERATIONS, ARCHITECTURE, ARCHITECTURE, OPERATIONS)))
    taken, moments = [], []

    def watched(stage, batches, moment):
        taken.append([x.flatten(1).sum(1) for x, _ in batches])
        moments.append(moment)
        return torch.tensor(0.0)

    s.updates.step = watched
    s.epoch()
    whole, epoch = taken.copy(), len(taken)
    assert moments == [Moment(0, 1, n, epoch) for n in range(epoch)]
    training, validation = (
        torch.cat([fold.segments(role).batch([i])[0].flatten(1).sum(1) for i in range(n)])
        for role, n in (("train", len(s.training)), ("validation", len(s.validation)))
    )
    one_pass = -(-len(validation) // BATCH)
    pairs = [x for step in whole for x in step[1:3]]
    assert len(pairs) > one_pass
    for part, data in (
        ([step[0] for step in whole], training),
        ([step[-1] for step in whole], training),
        (pairs[:one_pass], validation),
        (pairs[one_pass : 2 * one_pass], validation),
    ):
        torch.testing.assert_close(torch.cat(part).sort().values, data.sort().values)
    assert not torch.equal(whole[0][0], whole[0][-1])
    taken.clear()
    moments.clear()
    s.order.load_state_dict(s.order.state_dict() | {"losses": torch.zeros(behind)})
    s.epoch()  # the same, of which some steps are over
    assert moments[0].step == behind
    for again, before in zip(taken, whole[behind:], strict=True):
        assert all(map(torch.equal, again, before))
