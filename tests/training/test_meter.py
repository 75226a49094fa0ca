import time

import torch
from torch import nn

from sernas.training.meter import Meter

CPU = torch.device("cpu")


def test_products_are_counted_forward_and_backward_for_each_kind_of_step():
    layer, wide, meter = nn.Linear(3, 5), nn.Linear(3, 50), Meter()

    def step(network):
        return lambda x, y: network(x).sum().backward()

    x = torch.randn(7, 3)
    for _ in range(4):
        meter.counted(step(layer), "a")(x, None)
    for _ in range(2):
        meter.counted(step(wide), "b")(x, None)
    once = 2 * 7 * 3 * 5  # of the forward product; x needs no gradient
    cost = meter.cost(3, CPU)
    assert (cost["epochs"], cost["steps"], cost["flops"]) == (3, 6, 4 * 2 * once + 2 * 20 * once)


def test_a_meter_goes_on_where_it_stopped():
    meter, later = Meter(), Meter()
    with meter.timed():
        time.sleep(0.02)
    meter.counted(lambda x, y: x @ x, "a")(torch.eye(2), None)
    later.load_state_dict(meter.state_dict())
    meter.counted(lambda x, y: x, "a")(torch.eye(2), None)
    later.counted(lambda x, y: x, "a")(torch.eye(2), None)  # counted before
    assert later.cost(1, CPU)["flops"] == meter.cost(1, CPU)["flops"] == 2 * 2 * 8
    assert later.cost(1, CPU)["seconds"] >= 0.02
