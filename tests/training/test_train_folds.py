import json

import pandas as pd
import pytest
import torch

from sernas.base.seeds import seed_of
from sernas.models.model_file import load_model
from sernas.reporting.result_files import read_summaries
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.devices import device_name
from sernas.training.from_scratch import Candidates, train_best
from sernas.training.train_folds import train_folds

SYSTEM, CPU = "cnn_rnn_att", torch.device("cpu")


@pytest.mark.parametrize("at_once", [1, 2])
def test_each_fold_is_trained_by_a_seed_of_its_own_and_kept(fold, tiny, tmp_path, at_once):
    settings, space, candidates = TrainingSettings(1), SpaceSettings(), tmp_path / "a.json"
    candidates.write_text(json.dumps([search_space(SYSTEM).baseline]))
    models = [tmp_path / f"{n}.pt" for n in (2, 7)]
    summaries = [path.with_suffix(".json") for path in models]
    histories = [path.with_suffix(".csv") for path in models]
    costs = [tmp_path / f"cost{n}.json" for n in (2, 7)]
    train_folds(
        "none",
        SYSTEM,
        [fold, fold],
        [2, 7],
        settings,
        tiny.optimisation,
        space,
        seed=5,
        device=CPU,
        resume=tmp_path / "resume",
        architectures=[candidates, candidates],
        models=models,
        summaries=summaries,
        histories=histories,
        costs=costs,
        trainer=train_best,
        at_once=at_once,
    )
    assert not (tmp_path / "resume").exists()
    rounding = 0 if at_once == 1 else 1e-3
    for number, model, about, history, cost in zip(
        (2, 7), models, read_summaries(summaries), histories, costs, strict=True
    ):
        best = train_best(
            Candidates(
                SYSTEM,
                [search_space(SYSTEM).baseline],
                fold,
                settings,
                tiny.optimisation,
                space,
                seed_of(5, "train", SYSTEM, number),
                CPU,
            )
        )
        assert json.loads(cost.read_text())["flops"] == best.cost["flops"] > 0
        assert about == {
            "system": SYSTEM,
            "strategy": "none",
            "seed": 5,
            "fold": number,
            "params": best.network.parameter_count(),
            "architecture": best.architecture,
            "validation_wa": best.validation_wa,
            "epoch": 1,
            "device": device_name(CPU),
            "precision": "float32",
            "on_both": False,
        }
        rows = [row["loss"] for row in best.history]
        assert pd.read_csv(history)["loss"].tolist() == pytest.approx(rows, rel=rounding)
        network, description = load_model(model)
        assert description.architecture == best.architecture
        for name, weight in network.state_dict().items():
            was = best.network.state_dict()[name]
            torch.testing.assert_close(weight, was, rtol=rounding, atol=rounding, msg=name)
    assert histories[0].read_text() != histories[1].read_text()
