import json

from sernas.reporting.costs import read_costs


def test_a_run_costs_its_training_and_the_searches_of_its_parts(tmp_path):
    def files(kind, rows, seconds):
        paths = []
        for row in rows:
            for seed in (1, 2):
                path = tmp_path / kind / row / f"seed{seed}/fold1.json"
                path.parent.mkdir(parents=True)
                cost = {"epochs": 1, "steps": 3, "flops": 5, "seconds": seconds * seed}
                path.write_text(json.dumps(cost | {"peak_mb": seconds}))
                paths.append(path)
        return paths

    rows = ["deep/none", "deep/darts", "two_stream_mean/darts"]
    costs = read_costs(
        files("training", rows, 1), files("search", ["deep/darts", "handcrafted/darts"], 10)
    )
    assert [cost["seconds"] for cost in costs["deep", "none"]] == [1, 2]
    assert [cost["seconds"] for cost in costs["deep", "darts"]] == [11, 22]
    assert costs["two_stream_mean", "darts"] == [
        {"epochs": 3, "steps": 9, "flops": 15, "seconds": 21 * seed, "peak_mb": 10}
        for seed in (1, 2)
    ]
