import json

import pandas as pd
import pytest
import torch
from search.short import SETTINGS
from torch.nn.functional import cross_entropy

from sernas.base.seeds import rng_of, seed_of
from sernas.search.ranked import ranked_architectures
from sernas.search.search_folds import search_folds
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
from sernas.space.choices import Choice, SearchSpace
from sernas.systems.card import search_space

SYSTEM, CPU = "cnn_rnn_att", torch.device("cpu")


def test_each_fold_is_searched_by_seeds_of_its_own_and_kept(fold, tiny, tmp_path):
    resume, space = tmp_path / "resume", SpaceSettings()
    architectures = [tmp_path / f"{n}.json" for n in (2, 7)]
    histories = [path.with_suffix(".csv") for path in architectures]
    costs = [tmp_path / f"cost{n}.json" for n in (2, 7)]
    search_folds(
        "joint",
        SYSTEM,
        [fold, fold],
        [2, 7],
        tiny.optimisation,
        SETTINGS,
        space,
        seed=5,
        device=CPU,
        resume=resume,
        architectures=architectures,
        histories=histories,
        costs=costs,
    )
    assert not resume.exists()
    files = zip((2, 7), architectures, histories, costs, strict=True)
    for number, architecture, history, cost in files:
        seed = seed_of(5, "search", SYSTEM, number)
        probe = search_space(SYSTEM).draw(rng_of(5, "probe", SYSTEM, number))
        found = Search(
            "joint", SYSTEM, fold, tiny.optimisation, SETTINGS, space, seed, probe, CPU
        ).run()
        assert json.loads(architecture.read_text()) == [found.architecture]
        assert json.loads(cost.read_text()).keys() == found.cost.keys()
        assert json.loads(cost.read_text())["flops"] == found.cost["flops"] > 0
        assert pd.read_csv(history).to_dict("records") == found.history
    assert histories[0].read_text() != histories[1].read_text()


def test_ranked_architectures_are_scored_with_the_weights_that_a_search_ends_with(
    fold, tiny, tmp_path
):
    space = search_space(SYSTEM)
    ranked = ranked_architectures(SYSTEM, space, 5, seed=1)
    scores = tmp_path / "fold1_inherited.csv"
    search_folds(
        "joint",
        SYSTEM,
        [fold],
        [1],
        tiny.optimisation,
        SETTINGS,
        SpaceSettings(),
        seed=5,
        device=CPU,
        resume=tmp_path / "resume",
        architectures=[tmp_path / "fold1.json"],
        histories=[tmp_path / "fold1.csv"],
        costs=[tmp_path / "cost.json"],
        ranked=ranked,
        scores=[scores],
    )
    seed, probe = seed_of(5, "search", SYSTEM, 1), space.draw(rng_of(5, "probe", SYSTEM, 1))
    ended = Search(
        "joint", SYSTEM, fold, tiny.optimisation, SETTINGS, SpaceSettings(), seed, probe, CPU
    )
    ended.run()
    table, data = pd.read_csv(scores), fold.segments("validation")
    assert table.columns.tolist() == ["number", "loss", "wa", "weight"]
    assert table["number"].tolist() == [0, 1, 2, 3, 4]
    x, y = data.batch(range(len(data)))
    for architecture, loss, wa in zip(ranked, table["loss"], table["wa"], strict=True):
        with torch.no_grad():
            out = ended.supernet(x, ended.supernet.path(architecture))
        assert loss == pytest.approx(cross_entropy(out, y).item(), rel=1e-4)
        assert wa == pytest.approx((out.argmax(1) == y).double().mean().item())


@pytest.mark.parametrize("system", [SYSTEM, "darts_cnn_c4"])
def test_ranked_architectures_depend_on_system_and_seed_and_are_all_different(system):
    space = search_space(system)
    ranked = ranked_architectures(system, space, 20, seed=1)
    assert len({tuple(sorted(a.items())) for a in ranked}) == 20
    assert ranked_architectures(system, space, 8, seed=1) == ranked[:8]
    assert ranked_architectures(system, space, 20, seed=2) != ranked
    assert ranked_architectures("cnn_seqcap", space, 20, seed=1) != ranked


def test_a_small_space_is_ranked_whole():
    one = SearchSpace((Choice("dense", ("32", "48", "64")), Choice("conv2d_1", ("2x8",))))
    ranked = ranked_architectures(SYSTEM, one, 16, seed=1)
    assert sorted(a["dense"] for a in ranked) == ["32", "48", "64"]
