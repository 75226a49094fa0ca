from sernas.base.costs import total


def test_costs_add_up_but_for_memory():
    one = {"epochs": 1, "steps": 2, "flops": 3, "seconds": 0.5, "peak_mb": 10}
    assert total([one, one | {"peak_mb": 7}]) == {
        "epochs": 2, "steps": 4, "flops": 6, "seconds": 1.0, "peak_mb": 10
    }  # fmt: skip
