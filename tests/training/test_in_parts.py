import pytest
import torch

from sernas.models.build import build_supernet, build_system
from sernas.search.supernet import Supernet
from sernas.space.mix import Mix
from sernas.training import in_parts
from sernas.training.epoch import loss_of, scores_of

B, BINS, FRAMES = 5, 32, 48


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of at most two segments."""
    monkeypatch.setattr(in_parts, "MOST_AT_ONCE", 2 * BINS * FRAMES)


def batch():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(B, 1, BINS, FRAMES, generator=generator, dtype=torch.double)
    return x, torch.tensor([0, 1, 2, 3, 0])


def supernet(system):
    torch.manual_seed(0)
    network = Supernet(build_supernet(system, n_bins=BINS)).double()
    with torch.no_grad():
        for number, logits in enumerate(network.logits.values()):
            logits.copy_(torch.linspace(-1, number, len(logits)))
    return network


def mixing_of(network):
    return {
        layer: Mix(tuple(range(1, len(weights))), weights)
        for layer, weights in network.weights().items()
    }


def gradients(network, mixing=None):
    network.zero_grad(set_to_none=True)
    loss = loss_of(network, *batch(), "float32", mixing)
    (3 * loss).backward()
    found = {n: p.grad for n, p in network.named_parameters() if p.grad is not None}
    return loss.detach(), found


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
@pytest.mark.parametrize("searched", [False, True])
def test_parts_give_the_loss_and_the_gradients_of_the_whole(system, searched, monkeypatch):
    network = supernet(system) if searched else build_system(system, n_bins=BINS).double()

    def both():
        return gradients(network, mixing_of(network) if searched else None)

    expected, whole = both()
    monkeypatch.setattr(in_parts, "MOST_AT_ONCE", 2 * BINS * FRAMES)
    assert in_parts.parts_of(network, batch()[0]) == 3
    loss, found = both()
    torch.testing.assert_close(loss, expected, rtol=1e-12, atol=0)
    assert found.keys() == whole.keys()
    assert not searched or "logits.conv2d_3" in found
    for name, gradient in whole.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-9, atol=1e-12)


def test_only_architecture_weights_are_trained(monkeypatch):
    network = supernet("cnn_rnn_att")
    network.system.requires_grad_(False)
    _, whole = gradients(network, mixing_of(network))
    monkeypatch.setattr(in_parts, "MOST_AT_ONCE", 2 * BINS * FRAMES)
    _, found = gradients(network, mixing_of(network))
    assert found.keys() == whole.keys() == {f"logits.{layer}" for layer in network.logits}
    for name, gradient in whole.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-9, atol=1e-12)


def test_parts_give_the_scores_of_the_whole(monkeypatch):
    network, (x, _) = build_system("cnn_rnn_att", n_bins=BINS).double(), batch()
    whole = scores_of(network, x, "float32")
    assert not whole.requires_grad
    monkeypatch.setattr(in_parts, "MOST_AT_ONCE", 2 * BINS * FRAMES)
    torch.testing.assert_close(scores_of(network, x, "float32"), whole, rtol=1e-12, atol=0)


@pytest.mark.parametrize("system", ["cnn", "darts_cnn_c4"])
def test_what_follows_from_the_whole_batch_is_not_cut(small_parts, system):
    x, _ = batch()
    assert in_parts.parts_of(build_supernet(system, n_bins=BINS), x) == 1


def test_small_batches_are_whole():
    network = build_system("cnn_rnn_att", n_bins=BINS)
    assert in_parts.parts_of(network, batch()[0]) == 1


def test_what_is_kept_is_of_one_part(small_parts):
    kept = []

    def keep(tensor):
        if tensor.dim() == 4:  # activations and kernels
            kept.append(tensor.shape[0])
        return tensor

    network = build_system("cnn_rnn_att", n_bins=BINS).double()
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss_of(network, *batch(), "float32")
    assert B not in kept
    assert 2 in kept
