import pytest
import torch

from sernas.base.errors import TrainingError
from sernas.models import build_system
from sernas.training import epoch

CPU = torch.device("cpu")
ELSEWHERE = torch.device("meta")


class Data:
    """Segments whose x is their number."""

    def __init__(self, utterances, device=CPU):
        self.utterances, self.device, self.made = utterances, device, []

    def __len__(self):
        return len(self.utterances)

    def batch(self, indices):
        self.made.append(indices.tolist())
        return torch.tensor(indices).float(), torch.tensor(indices)

    def in_turn(self, order):
        return map(self.batch, order)


@pytest.mark.parametrize("device", [CPU, ELSEWHERE])
def test_an_epoch_takes_every_segment_once_and_weighs_them_alike(device):
    seen = []

    def step(x, y):
        seen.extend(y.tolist())
        return x.mean()

    data = Data([f"u{i}" for i in range(10)], device)
    mean = epoch.run_epoch(data, 4, epoch.Order(0), CPU, step, "epoch 1")
    assert sorted(seen) == list(range(10))
    assert seen != list(range(10))
    assert mean == pytest.approx(4.5)  # not the mean of the batches' means


def test_a_loss_that_is_not_finite_names_the_step_and_the_utterances():
    def step(x, y):
        return x.sum() / 0 if 2 in y else x.sum()

    data = Data(["a", "a", "b", "c"])
    with pytest.raises(TrainingError, match=r"inf at step \d of 4 of epoch 7, in a batch of b;"):
        epoch.run_epoch(data, 1, epoch.Order(0), CPU, step, "epoch 7")


def test_an_epoch_that_was_stopped_goes_on_with_the_batches_that_are_missing():
    data, order, seen = Data([f"u{i}" for i in range(10)]), epoch.Order(0), []

    def step(x, y):
        if len(seen) == 2:
            raise InterruptedError
        seen.append(y.tolist())
        return x.mean()

    with pytest.raises(InterruptedError):
        epoch.run_epoch(data, 2, order, CPU, step, "epoch 1")
    again = epoch.Order(0)
    again.load_state_dict(order.state_dict())
    rest = []
    mean = epoch.run_epoch(
        data, 2, again, CPU, lambda x, y: rest.append(y.tolist()) or x.mean(), "epoch 1"
    )
    assert len(rest) == 3
    assert sorted(sum(seen + rest, [])) == list(range(10))
    assert mean == pytest.approx(4.5)
    again.end_epoch()
    assert [b.tolist() for b in again.batches(10, 2)] != seen + rest


def test_batches_made_elsewhere_come_in_order_and_a_little_ahead():
    data = Data(["a"] * 50, ELSEWHERE)
    order = list(torch.arange(50).view(10, 5).numpy())
    batches = epoch.loaded(data, order, CPU)
    for number, (x, _) in enumerate(batches):
        assert x.tolist() == order[number].tolist()
        assert len(data.made) <= number + 3  # memory is bounded
    assert len(data.made) == 10


def test_batches_are_there_whether_or_not_the_device_has_a_number(monkeypatch):
    """As that of a parameter has on a GPU, "cuda:0", where a configuration asks for "cuda"."""
    monkeypatch.setattr(epoch, "in_order", None)  # makes those that are elsewhere
    order = [torch.arange(3).numpy()]
    ((x, _),) = epoch.loaded(Data(["a"] * 3), order, torch.device("cpu", 0))
    assert x.tolist() == [0, 1, 2]


@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn_seqcap"])
def test_bfloat16_is_of_the_forward_pass_alone(name):
    torch.manual_seed(0)
    network = build_system(name, n_bins=32)
    x, y = torch.randn(4, 1, 32, 60), torch.tensor([0, 1, 2, 3])
    exact, rough = (epoch.loss_of(network, x, y, p) for p in ("float32", "bfloat16"))
    assert exact.dtype == rough.dtype == torch.float32
    assert 0 < abs(exact.item() - rough.item()) < 0.05
    epoch.descend(rough, epoch.adam(network.parameters(), 1e-3))
    assert all(p.dtype == p.grad.dtype == torch.float32 for p in network.parameters())
