import dataclasses
import math
import random
from operator import itemgetter
from unittest import mock

import pytest
import torch
from search import short

from sernas.base.errors import SettingsError
from sernas.search.strategy import STRATEGIES, Moment, Stage, SupernetStrategy
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

SETTINGS = dataclasses.replace(short.SETTINGS, epochs=2, architecture_epochs=2)
SUPERNETS = [
    name for name, strategy in STRATEGIES.items() if isinstance(strategy, SupernetStrategy)
]
SECOND = dict.fromkeys(("sampling", "dropout", "independent_dropout"), "architecture")
SECOND |= dict.fromkeys(("single_path", "operation_dropout"), "evolution")
"""The stage that follows that of the operations, which have one alone in other strategies."""
SYSTEM = "cnn_rnn_att"


@pytest.fixture
def search(fold, tiny):
    def make(strategy, seed=1, system=SYSTEM, probe=None, **changes):
        return Search(
            strategy,
            system,
            fold,
            tiny.optimisation,
            dataclasses.replace(SETTINGS, **changes),
            SpaceSettings(),
            seed,
            probe or search_space(system).baseline,
            torch.device("cpu"),
        )

    return make


def snapshot(search):
    return {n: p.detach().clone() for n, p in search.supernet.named_parameters()}


def changed(search, before):
    return {n for n, p in search.supernet.named_parameters() if not torch.equal(p, before[n])}


def candidates_of(names, layer):
    """The candidates of a layer whose parameters are among ``names``."""
    marker = {"attention": "attention.blocks."}.get(layer, f"{layer}.weights.")
    return {int(n.split(marker)[1].split(".")[0]) for n in names if marker in n}


def one_batch(fold, role="train"):
    return fold.segments(role).batch(range(8))


@pytest.mark.parametrize("strategy", SUPERNETS)
def test_a_step_trains_the_candidates_that_take_part_and_no_others(search, fold, strategy):
    s, taken = search(strategy), []
    mixing = s.updates.strategy.operation_mixing

    class Watched:
        def operation_mixing(self, *args):
            taken.append(mixing(*args))
            return taken[-1]

    s.updates.strategy = Watched()
    last = Stage(1, s.stages[0].updates[-1:])
    for _ in range(4):  # momentum of earlier steps must not move a candidate either
        before = snapshot(s)
        s.updates.step(last, [one_batch(fold)], Moment(0, 1, 0, 1))
        moved = changed(s, before)
        for layer, mix in taken[-1].items():
            assert candidates_of(moved, layer) == set(mix.candidates), layer
        assert any("gru" in n for n in moved)
        logits = {n for n in moved if n.startswith("logits")}
        assert len(logits) == (5 if strategy == "joint" else 0)


@pytest.mark.parametrize("strategy", ["sampling", "dropout"])
def test_the_architecture_stage_trains_only_the_architecture_on_everything(search, fold, strategy):
    s = search(strategy, epochs=1)
    s.history.append(s.epoch())
    s.order.end_epoch()
    before = snapshot(s)
    assert s.epoch()["stage"] == "architecture"
    assert changed(s, before) == {f"logits.{layer}" for layer in s.supernet.system.space.layers}
    assert all(p.requires_grad for p in s.supernet.parameters())


@pytest.mark.parametrize("strategy", SUPERNETS)
def test_validation_speakers_train_architectures_and_test_speakers_nothing(
    search, fold, strategy, monkeypatch
):
    roles = []
    segments = fold.segments
    monkeypatch.setattr(fold, "segments", lambda role: roles.append(role) or segments(role))
    monkeypatch.setattr(fold, "utterances", lambda role: pytest.fail("no utterances in a search"))
    search(strategy).run()
    assert set(roles) == ({"train"} if strategy == "joint" else {"train", "validation"})


@pytest.mark.parametrize("strategy", SUPERNETS)
def test_history_holds_loss_rate_weights_and_entropy_an_epoch(search, strategy):
    found = search(strategy).run()
    stages = [(row["stage"], row["epoch"]) for row in found.history]
    weights = [("weights", 1), ("weights", 2)]
    second = SECOND.get(strategy)
    assert stages == weights + ([(second, i) for i in (1, 2)] if second else [])
    first, last = found.history[0], found.history[-1]
    assert first["learning_rate"] == 0.001
    assert last["learning_rate"] == (None if second == "evolution" else 0.001)
    for layer, operation in found.architecture.items():
        a = {k.split("/")[2]: v for k, v in last.items() if k.startswith(f"weight/{layer}/")}
        assert sum(a.values()) == pytest.approx(1)
        if second == "evolution":
            assert a[operation] > 0  # the best path is one of the best
        else:
            assert max(a, key=a.get) == operation
        entropy = float(torch.special.entr(torch.tensor(list(a.values()))).sum())
        assert last[f"entropy/{layer}"] == pytest.approx(entropy, abs=1e-6)
    assert first["probe_loss"] > 0
    assert (last["probe_loss"] is None) == (second is not None)


def test_the_probe_is_looked_at_on_a_share_of_the_training_data(search):
    """The same of it each time, and nothing else depends on it."""
    whole, part, none = (search("dropout") for _ in range(3))
    part.settings = dataclasses.replace(part.settings, probe=0.3)
    none.settings = dataclasses.replace(none.settings, probe=0.0)
    sizes, inherited = [], Search.inherited

    def watched(run, architecture, data, most=None):
        sizes.append(most)
        return inherited(run, architecture, data, most)

    with mock.patch.object(Search, "inherited", watched):
        histories = [run.run().history for run in (whole, part, none)]
    batches = len(whole.training) / whole.optimisation.batch_size
    assert sizes == [math.ceil(batches)] * 2 + [math.ceil(0.3 * batches)] * 2
    assert sizes[0] > sizes[2]
    taken = [[row.pop("probe_loss") for row in history[:2]] for history in histories]
    assert taken[0] != taken[1]
    assert taken[2] == [None, None]
    for history in histories[1:]:
        assert history[:2] == histories[0][:2]


def test_bilevel_strategies_leave_the_architecture_alone_until_its_stage(search):
    history = search("dropout").run().history
    six = torch.tensor(6.0).log().item()
    assert [row["entropy/conv2d_1"] for row in history[:2]] == pytest.approx([six, six])
    assert history[-1]["entropy/conv2d_1"] < six


def test_alternating_trains_the_architecture_between_the_steps(search):
    found = search("dropout", bilevel="alternating").run()
    assert [row["stage"] for row in found.history] == ["weights", "weights"]
    assert found.history[0]["entropy/conv2d_1"] < torch.tensor(6.0).log().item()


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_a_search_repeats_to_the_last_bit_and_seeds_differ(search, system):
    runs = [search("dropout", seed=s, system=system).run() for s in (1, 1, 2)]
    assert runs[0].history == runs[1].history
    assert runs[0].history[0]["loss"] != runs[2].history[0]["loss"]


@pytest.mark.parametrize("most", [2**25, 1])
def test_an_architecture_is_scored_with_inherited_weights(search, fold, most, monkeypatch):
    monkeypatch.setattr("sernas.training.in_parts.MOST_AT_ONCE", most)
    s = search("joint")
    data, other = fold.segments("train"), s.supernet.space.draw(random.Random(0))
    x, y = data.batch(range(len(data)))
    for architecture in (s.supernet.space.baseline, other):
        with torch.no_grad():
            scores = s.supernet(x, s.supernet.path(architecture))
        expected = float(torch.nn.functional.cross_entropy(scores, y))
        found = s.inherited(architecture, data)
        assert found.loss == pytest.approx(expected, rel=1e-5)
        assert found.wa == pytest.approx(float((scores.argmax(1) == y).float().mean()))
    assert s.supernet.training


@pytest.mark.parametrize("strategy", ["sampling", "dropout"])
def test_a_search_over_cells_derives_a_genotype(search, strategy):
    space = search_space("darts_cnn_c4")
    probe, settings = space.draw(random.Random(0)), {"epochs": 1, "architecture_epochs": 1}
    s = search(strategy, system="darts_cnn_c4", probe=probe, **settings)
    found = s.run()
    assert space.only(found.architecture).size == 1
    weights = {layer: a.tolist() for layer, a in s.supernet.weights().items()}
    assert found.architecture == space.derive(weights)
    assert any(max(a) - min(a) > 1e-4 for a in weights.values())
    assert found.history[0]["probe_loss"] > 0


@pytest.mark.parametrize("system", ["cnn_seqcap", "darts_cnn_c4"])
@pytest.mark.parametrize("strategy", ["single_path", "operation_dropout"])
def test_the_best_path_that_was_ranked_is_derived(search, strategy, system, monkeypatch):
    probe = search_space(system).draw(random.Random(0))
    s, scored = search(strategy, system=system, probe=probe, epochs=1, population=4), []
    inherited = s.inherited

    def watched(architecture, data, most=None):
        found = inherited(architecture, data, most)
        if data is s.validation:
            scored.append((found.loss, architecture))
        return found

    monkeypatch.setattr(s, "inherited", watched)
    found = s.run()
    loss, best = min(scored, key=itemgetter(0))
    assert len(scored) == 8
    assert found.architecture == best
    assert list(found.architecture) == list(s.supernet.system.space.layers)
    assert s.inherited(best, s.validation).loss == found.history[-1]["loss"] == loss
    first = [loss for loss, _ in scored[:4]]
    assert found.history[1]["loss"] == min(first)
    assert found.history[1]["paths_loss"] == pytest.approx(sum(first) / 4)
    uniform = [a.tolist() for a in s.supernet.logits.values()]
    assert all(set(a) == {0} for a in uniform)  # no architecture weight is trained


def test_what_follows_the_sampling_of_paths_is_a_choice(search):
    for sampling, stages in [
        ("evolution", ["weights", "evolution"]),
        ("paths", ["weights", "architecture"]),
        ("mixture", ["weights", "architecture"]),
    ]:
        s = search("sampling", sampling=sampling)
        assert [stage.name for stage in s.stages] == stages
        args = s.supernet.space, s.supernet.weights(), Moment(0, 1, 0, 1), s.settings
        mixing = s.updates.strategy.architecture_mixing(*args, random.Random(0))
        alone = {len(mix.candidates) == 1 for mix in mixing.values()}
        assert alone == {sampling == "paths"}
        if sampling != "evolution":
            assert all(mix.weights.requires_grad for mix in mixing.values())
    fixed = {"sampling": "mixture", "population": 3}
    assert [s.name for s in search("single_path", **fixed).stages] == ["weights", "evolution"]


def test_training_lowers_the_loss(search):
    losses = [row["loss"] for row in search("joint", epochs=6).run().history]
    assert sum(losses[3:]) < sum(losses[:3]) - 0.06


@pytest.mark.parametrize("strategy", ["none", "random"])
def test_a_strategy_without_a_supernet_is_no_search(search, strategy):
    with pytest.raises(SettingsError, match=f"trains a supernet, found {strategy}, which names"):
        search(strategy)
