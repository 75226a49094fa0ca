"""The benchmarks are asked for by name, and need nothing of an experiment."""

BENCHMARKS = {"measure_speed", "collect_benchmarks"}


def test_they_are_apart_from_the_experiment(clone):
    assert not BENCHMARKS & clone.would_run()
    assert clone.would_run("results/benchmarks.csv") == BENCHMARKS
    assert clone.would_run("results/benchmarks.png") == {*BENCHMARKS, "draw_benchmarks"}


def test_one_can_be_taken_alone(clone):
    assert clone.would_run("results/speed/extraction.csv") == {"measure_speed"}
    status, text = clone.snakemake("-n", "results/speed/extractions.csv")
    assert status != 0
    assert "Traceback" not in text
