import time

import pandas as pd
import pytest
import torch

from sernas.benchmarking.cases import FAILED, taken
from sernas.benchmarking.options import Options
from sernas.benchmarking.timing import COLUMNS, interleave, table

CPU = torch.device("cpu")


def case(label, until_of=None):
    def take(until):
        if until_of is not None:
            until_of[label] = until
        return table("b", label, {"v": [1.0]}, "ms", "v", device=CPU, threads=1)

    return take


def options(seconds, ago=0.0):
    return Options(CPU, 1, 1, 2, seconds, time.perf_counter() - ago)


def test_a_case_that_fails_loses_no_other_and_says_why():
    def fail(until):
        raise RuntimeError("CUDA error: no kernel\nfor this card")

    made = taken("b", {"a": case("a"), "wrong": fail, "c": case("c")}, options(60))
    assert list(made.columns) == COLUMNS
    assert made["size"].tolist() == ["a", "wrong", "c"]
    assert made["variant"].tolist() == ["v", f"{FAILED}RuntimeError: CUDA error: no kernel", "v"]
    assert made["median"].isna().tolist() == [False, True, False]


def test_each_has_an_equal_share_of_the_time_and_none_begins_after_it():
    until = {}
    of = options(60)
    taken("b", {label: case(label, until) for label in "abc"}, of)
    assert until == pytest.approx({"a": of.began + 20, "b": of.began + 40, "c": of.began + 60})
    late = taken("b", {"a": case("a")}, options(60, ago=61))
    assert late["variant"].tolist() == [f"{FAILED}no time was left"]


def test_without_a_limit_all_rounds_are_for_all(monkeypatch):
    until = {}
    taken("b", {"a": case("a", until)}, Options(CPU, 1, 1, 2))
    assert until == {"a": float("inf")}


@pytest.mark.parametrize(("left", "rounds"), [(-1, 3), (60, 7)])
def test_rounds_are_left_out_when_the_time_is_over_but_for_three(left, rounds):
    calls = {"a": lambda: None, "b": lambda: None}
    times = interleave(calls, 7, until=time.perf_counter() + left)
    assert {name: len(seconds) for name, seconds in times.items()} == dict.fromkeys("ab", rounds)


def test_rows_of_failures_survive_a_file(tmp_path):
    made = taken("b", {"a": lambda until: 1 / 0, "c": case("c")}, options(60))
    made.to_csv(tmp_path / "t.csv", index=False)
    read = pd.read_csv(tmp_path / "t.csv")
    assert read["variant"][0] == f"{FAILED}ZeroDivisionError: division by zero"
    assert read["median"][1] == made["median"][1]
