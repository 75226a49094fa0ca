import runpy
import sys

import pandas as pd
import pytest

from sernas.benchmarking import measures
from sernas.benchmarking.measures import MEASURES, Measure


def test_what_was_measured_is_kept_whatever_becomes_of_the_next(
    tiny_sizes, tmp_path, monkeypatch, capsys
):
    path = tmp_path / "speed.csv"
    tiny = Measure(MEASURES["card"].module, tiny_sizes["card"], 60.0, 1)
    monkeypatch.setitem(MEASURES, "card", tiny)
    monkeypatch.setitem(MEASURES, "steps", Measure("sernas.benchmarking.no_such_module"))
    monkeypatch.setattr(sys, "argv", ["", "cpu", str(path)])
    monkeypatch.setattr(measures, "measures_on", lambda device: ["card"])
    runpy.run_module("sernas.benchmarking", run_name="__main__")
    assert pd.read_csv(path)["benchmark"].tolist() == ["card"] * 5
    assert capsys.readouterr().out.startswith("cpu, torch ")
    path.unlink()
    monkeypatch.setattr(measures, "measures_on", lambda device: ["card", "steps"])
    with pytest.raises(ModuleNotFoundError):
        runpy.run_module("sernas.benchmarking", run_name="__main__")
    assert len(pd.read_csv(path)) == 5
