import random

import pytest
import torch

from sernas.benchmarking.branches import BranchCNN
from sernas.models import build_supernet, build_system
from sernas.models import cnn as cnn_module
from sernas.settings.space import SpaceSettings
from sernas.space.mix import Mix, path
from sernas.systems.card import search_space

SPACE = search_space("cnn_rnn_att")


def plain(n_bins):
    architecture = SPACE.draw(random.Random(n_bins))
    system = build_system("cnn_rnn_att", n_bins=n_bins, architecture=architecture)
    return system.encoder, path(system.space, architecture)


def mixture(n_bins):
    supernet = build_supernet("cnn_rnn_att", n_bins=n_bins)
    generator = torch.Generator().manual_seed(1)
    mixing = {}
    for choice in supernet.space.choices:
        n = len(choice.candidates)
        weights = torch.rand(n, generator=generator).double().requires_grad_()
        mixing[choice.layer] = Mix(tuple(range(n)), weights)
    return supernet.encoder, mixing


def results(encoder, mixing, form, x):
    """What comes out and all gradients, those of a sum weighted at random."""
    y = form(x, mixing)
    leaves = [x, *encoder.parameters()]
    layers = [mix.weights for layer, mix in mixing.items() if layer in cnn_module.CHANNELS]
    leaves += [weights for weights in layers if weights is not None]
    generator = torch.Generator().manual_seed(2)
    gradient = torch.randn(y.shape, generator=generator).to(y)
    return [y, *torch.autograd.grad(y, leaves, gradient)]


def assert_same(encoder, mixing, x, folds, **tolerance):
    for bias in (p for p in encoder.parameters() if p.dim() == 1):
        torch.nn.init.uniform_(bias, 0.5, 1)  # so that rows that should be zero would not be
    expected = results(encoder, mixing, encoder.plain, x)
    found = results(encoder, mixing, lambda *a: encoder.folded(*a, folds), x)
    assert expected[0].shape == found[0].shape
    for pair in zip(found, expected, strict=True):
        torch.testing.assert_close(*pair, **tolerance)


@pytest.mark.parametrize("folds", [(16, 4, 4), (2, 8, 1), (4, 2, 16)], ids=str)
@pytest.mark.parametrize(
    ("n_bins", "frames"), [(32, 16), (64, 20), (96, 19), (131, 9), (63, 13)], ids=str
)
@pytest.mark.parametrize("make", [plain, mixture])
def test_the_cnn_folded_is_the_plain_one_in_output_and_every_gradient(make, n_bins, frames, folds):
    encoder, mixing = make(n_bins)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2, 1, n_bins, frames, generator=generator).double().requires_grad_()
    assert_same(encoder.double(), mixing, x, folds, rtol=1e-10, atol=1e-10)


def test_one_form_loads_what_the_other_trained():
    (encoder, mixing), (other, _) = plain(64), plain(64)
    x = torch.randn(1, 1, 64, 16)
    encoder.folded(x, mixing).sum().backward()
    assert all(p.grad.shape == p.shape for p in encoder.parameters())
    other.load_state_dict(encoder.state_dict())
    torch.testing.assert_close(other.plain(x, mixing), encoder.folded(x, mixing))


def forms(monkeypatch, encoder, mixing):
    """Whether the folded form is taken, where size and device would have it."""
    taken = []
    monkeypatch.setattr(cnn_module, "pays", lambda x: True)
    monkeypatch.setattr(encoder, "folded", lambda *_: taken.append("folded"))
    monkeypatch.setattr(encoder, "plain", lambda *_: taken.append("plain"))
    encoder(torch.randn(1, 1, 64, 16), mixing)
    return taken


def test_a_cnn_folds_unless_a_layer_is_to_run_by_itself(monkeypatch):
    encoder, mixing = mixture(64)
    assert forms(monkeypatch, encoder, mixing) == ["folded"]
    encoder.conv2d_3.register_forward_hook(lambda *_: None)
    assert forms(monkeypatch, encoder, mixing) == ["plain"]
    encoder, mixing = mixture(64)
    encoder.conv2d_4.relu_inside = True
    assert forms(monkeypatch, encoder, mixing) == ["plain"]


def test_a_layer_that_holds_operations_does_not_fold(monkeypatch):
    settings = SpaceSettings(candidates={"conv2d_3": ("5x5", "avg_pool_3x3")})
    supernet = build_supernet("cnn_rnn_att", n_bins=64, settings=settings)
    assert forms(monkeypatch, supernet.encoder, {}) == ["plain"]


def test_one_convolution_a_candidate_does_not_fold(monkeypatch):
    _, mixing = mixture(64)
    mixing = {layer: Mix(mix.candidates, mix.weights.float()) for layer, mix in mixing.items()}
    x, taken = torch.randn(1, 1, 64, 16), []
    monkeypatch.setattr(cnn_module, "pays", lambda x: True)
    monkeypatch.setattr(cnn_module.CNN, "folded", lambda *_: taken.append("folded"))
    assert BranchCNN(SPACE, 64)(x, mixing).shape == (1, 4, 32)
    assert not taken


def test_bfloat16_is_as_near_to_double_as_the_plain_form():
    encoder, mixing = plain(64)
    x = torch.randn(2, 1, 64, 40, generator=torch.Generator().manual_seed(0), requires_grad=True)
    rounded = {}
    for form in ("plain", "folded"):
        with torch.autocast("cpu", torch.bfloat16):
            rounded[form] = results(encoder, mixing, getattr(encoder, form), x)
    x = x.detach().double().requires_grad_()
    exact = results(encoder.double(), mixing, encoder.plain, x)
    for i, expected in enumerate(exact):
        plainly, found = ((rounded[form][i] - expected).norm() for form in ("plain", "folded"))
        assert found < 1.5 * plainly


@pytest.mark.gpu
@pytest.mark.parametrize("make", [plain, mixture])
def test_on_a_gpu_the_two_forms_agree(make):
    encoder, mixing = make(128)
    x = torch.randn(4, 1, 128, 100, device="cuda", requires_grad=True)
    on_gpu = {
        layer: Mix(m.candidates, None if m.weights is None else m.weights.detach().float().cuda())
        for layer, m in mixing.items()
    }
    for mix in on_gpu.values():
        if mix.weights is not None:
            mix.weights.requires_grad_()
    with torch.backends.cudnn.flags(allow_tf32=False):
        assert_same(encoder.cuda(), on_gpu, x, (16, 4, 4), rtol=1e-2, atol=1e-2)
