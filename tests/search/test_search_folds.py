import json

import pandas as pd
import torch
from search.short import SETTINGS

from sernas.base.seeds import rng_of, seed_of
from sernas.search.search_folds import search_folds
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
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
