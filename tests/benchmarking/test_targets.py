import pandas as pd
import torch

from sernas.benchmarking import card_steps, epochs
from sernas.benchmarking.cases import failed
from sernas.benchmarking.measures import MEASURES, measures_on
from sernas.benchmarking.options import Options
from sernas.benchmarking.targets import TARGETS, summary
from sernas.benchmarking.timing import table
from sernas.experiments.experiment import EXPERIMENTS

CPU = torch.device("cpu")
PLACE = {"device": CPU, "threads": 1}
LIMIT = 480
START = 12  # s; of a process, until it measures


def test_a_card_is_measured_in_eight_minutes():
    names = measures_on("cuda")
    assert names[0] == "card"
    assert sum(MEASURES[name].seconds + START for name in names) <= LIMIT
    assert not set(names) & set(measures_on("cpu"))
    assert measures_on("auto") == measures_on("cpu")
    assert {*names, *measures_on("cpu")} == set(MEASURES)


def test_every_target_is_of_something_that_is_measured():
    sizes = {
        (name, str(card_steps.Steps(precision, size, system)))
        for name, (systems, sizes, precisions) in card_steps.MEASURED.items()
        for precision in precisions
        for size in sizes
        for system in systems
    }
    sizes |= {(f"epochs_{EXPERIMENTS[e].table}", EXPERIMENTS[e].title) for e in epochs.MEASURED}
    sizes.add(("small_networks", "15 x CNN_RNN_att, 64 bins, batch 16, bfloat16"))
    assert {(target.benchmark, target.size) for target in TARGETS} <= sizes


def test_the_summary_has_each_figure_in_its_row_and_what_failed():
    label = "CNN_RNN_att, 4096 bins, batch 16, bfloat16"
    times = {"plain": [0.005] * 3, "joint": [0.006] * 3, "branch": [0.05] * 3}
    other = table("steps", label.replace("bfloat16", "tf32"), times, "ms", "joint", **PLACE)
    hours = table(
        "epochs_table2",
        "Table 2",
        {"projected": [7200.0]},
        "h",
        "projected",
        scale=1 / 3600,
        **PLACE,
    )
    lost = failed("steps_of_cells", "of eight", "OutOfMemoryError: so much", Options(CPU, 1, 1, 1))
    card = table("card", "torch 2.11", {"a": [1.0]}, "ms", "a", **PLACE)
    rows = [other, table("steps", label, times, "ms", "plain", **PLACE), hours, lost, card]
    text = summary(pd.concat(rows, ignore_index=True))
    lines = {t.step: line.split() for t, line in zip(TARGETS, text.splitlines()[2:], strict=False)}
    assert text.splitlines()[0] == "cpu, torch 2.11"
    assert lines["CNN_RNN_att, plain, 4096 bins"][-4:] == ["28.3", "6", "5", "ms"]
    assert lines["CNN_RNN_att, joint / plain"][-3:] == ["1.54", "1.2", "1.2"]
    assert lines["CNN_RNN_att, branch form / plain"][-1] == "10"
    assert lines["Table 2 of IEMOCAP, projected"][-4:] == ["24", "4", "2", "h"]
    assert lines["CNN_SeqCap, plain, 4096 bins"][-3:] == ["31.6", "8", "-"]
    assert text.splitlines()[-1] == "steps_of_cells, of eight failed: OutOfMemoryError: so much"
