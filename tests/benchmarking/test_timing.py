import pytest
import torch

from sernas.benchmarking.timing import COLUMNS, interleave, table

CPU = torch.device("cpu")
TIMES = {"slow": [2.0, 4.0, 6.0, 8.0, 10.0], "fast": [1.0, 1.0, 6.0, 2.0, 2.5]}


def test_the_order_rotates_and_every_call_is_made_once_a_round():
    calls = []
    times = interleave(
        {name: lambda name=name: calls.append(name) for name in "abc"}, 4, warmups={"b": 3}
    )
    assert "".join(calls) == "aabbbcc" + "abc" + "bca" + "cab" + "abc"
    assert list(times) == ["a", "b", "c"]
    assert all(len(seconds) == 4 and min(seconds) >= 0 for seconds in times.values())


def test_ratios_are_of_the_same_round_and_their_quartiles_are_given():
    made = table("b", "s", TIMES, "ms", "fast", device=CPU, threads=1, peaks={"slow": 7.0})
    assert list(made.columns) == COLUMNS
    slow, fast = made.to_dict("records")
    # pairwise: 2, 4, 1, 4, 4; the ratio of the medians would be 3
    assert (slow["ratio_low"], slow["ratio"], slow["ratio_high"]) == (2, 4, 4)
    assert (fast["ratio_low"], fast["ratio"], fast["ratio_high"]) == (1, 1, 1)
    assert (slow["median"], fast["median"]) == (6000, 2000)
    assert (slow["unit"], slow["ratio_to"], slow["device"]) == ("ms", "fast", "cpu")
    assert slow["peak_mib"] == 7
    assert fast["peak_mib"] != fast["peak_mib"]  # not measured


def test_inverse_gives_speeds_and_their_ratios():
    made = table(
        "b", "s", TIMES, "x", "slow", device=CPU, threads=1, inverse=True, scale=12.0
    ).set_index("variant")
    assert made["median"].to_dict() == {"slow": 2, "fast": 6}
    assert made.loc["fast", "ratio"] == 4
    assert made.loc["fast", ["ratio_low", "ratio_high"]].tolist() == [2, 4]


def test_a_reference_that_was_not_timed_is_an_error():
    with pytest.raises(KeyError):
        table("b", "s", TIMES, "ms", "other", device=CPU, threads=1)
