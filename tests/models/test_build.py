import random

import pytest
import torch
from random_inputs import LEARNED, of_parts, sizes_of, x_of

from sernas.base.errors import SettingsError
from sernas.models import build_supernet, build_system
from sernas.settings.space import SpaceSettings
from sernas.space.mix import Mix
from sernas.systems.card import search_space

WU2022 = ["cnn_rnn_att", "cnn_seqcap"]


def built(name, **options):
    """A plain network of an architecture of its space."""
    return build_system(name, architecture=search_space(name).draw(random.Random(3)), **options)


def params(name, n_bins=4096, **operations):
    architecture = {**search_space(name).baseline, **operations}
    return build_system(name, n_bins=n_bins, architecture=architecture).parameter_count()


def test_published_parameter_counts_at_4096_bins():
    assert build_system("cnn_rnn_att", n_bins=4096).parameter_count() == 833_461
    assert build_system("cnn_seqcap", n_bins=4096).parameter_count() == 703_540
    assert params("cnn_rnn_att", conv2d_4="5x4") == 832_181
    assert params("cnn_rnn_att", conv2d_4="4x6", attention="80") == 835_349
    assert params("cnn_seqcap", conv2d_3="4x4", conv2d_4="5x4") == 699_956


@pytest.mark.parametrize("name", WU2022)
def test_the_cnn_counts_as_the_formula_says(name):
    architecture = search_space(name).draw(random.Random(3))
    system = build_system(name, n_bins=64, architecture=architecture)
    k = [
        int(architecture[f"conv2d_{i}"].split("x")[0])
        * int(architecture[f"conv2d_{i}"].split("x")[1])
        for i in (1, 2, 3, 4)
    ]
    counted = sum(p.numel() for p in system.encoder.parameters())
    assert counted == 8 * k[0] + 8 * k[1] + 256 * k[2] + 256 * k[3] + 48


@pytest.mark.parametrize("n_bins", [32, 41, 100])
@pytest.mark.parametrize("name", LEARNED)
def test_forward_and_backward(name, n_bins):
    torch.manual_seed(0)
    system = built(name, inputs=sizes_of(name, n_bins))
    scores = system(x_of(name, 3, 51, n_bins))
    assert scores.shape == (3, 4)
    torch.nn.functional.cross_entropy(scores, torch.tensor([0, 1, 2])).backward()
    for parameter_name, parameter in system.named_parameters():
        assert parameter.grad.isfinite().all(), parameter_name
        assert parameter.grad.abs().sum() > 0, parameter_name


@pytest.mark.parametrize("name", WU2022)
def test_initial_biases_are_zero_and_weights_xavier_with_the_gain_of_the_relu(name):
    torch.manual_seed(0)
    system = build_system(name, n_bins=64)
    assert all((p == 0).all() for n, p in system.named_parameters() if p.dim() == 1)
    w = system.encoder.conv2d_3.weights[0]
    bound = 2**0.5 * (6 / (16 * 25 + 16 * 25)) ** 0.5
    assert 0.98 * bound < w.abs().max() <= bound


@pytest.mark.parametrize("name", WU2022)
def test_a_path_of_the_supernet_is_the_derived_network(name):
    torch.manual_seed(0)
    supernet = build_supernet(name, n_bins=64)
    space = supernet.space
    architecture = space.draw(random.Random(1))
    indices = space.indices(architecture)
    plain = build_system(name, n_bins=64, architecture=architecture)
    weights = {}
    for key in plain.state_dict():
        parts = key.split(".")
        layer = next((x for x in parts if x in indices), None)
        if layer:  # "0", the only candidate, is candidate i of the supernet
            at = parts.index("0", parts.index(layer))
            parts[at] = str(indices[layer])
        weights[key] = supernet.state_dict()[".".join(parts)]
    plain.load_state_dict(weights)
    x = torch.randn(2, 1, 64, 80)
    path = {layer: Mix((i,)) for layer, i in indices.items()}
    assert torch.equal(supernet(x, path), plain(x))


@pytest.mark.parametrize("name", WU2022)
def test_too_few_bins_is_an_error(name):
    with pytest.raises(SettingsError, match="at least 32 bins, found 31"):
        build_system(name, n_bins=31)


@pytest.mark.parametrize("name", ["cnn_rnn_att", "darts_cnn_c4"])
def test_a_supernet_without_a_mixing_is_an_error(name):
    with pytest.raises(ValueError, match="pass their mixing"):
        build_supernet(name, n_bins=32)(torch.randn(1, 1, 32, 40))


@pytest.mark.parametrize("name", WU2022)
@pytest.mark.parametrize("relu", ["mixture", "operation"])
def test_a_plain_network_does_not_depend_on_where_the_relu_is(name, relu):
    torch.manual_seed(0)
    a = build_system(name, n_bins=32)
    b = build_system(name, n_bins=32, settings=SpaceSettings(relu=relu))
    b.load_state_dict(a.state_dict())
    x = torch.randn(2, 1, 32, 60)
    torch.testing.assert_close(a(x), b(x))


@pytest.mark.parametrize("name", LEARNED)
def test_what_differs_in_the_input_reaches_the_scores_of_a_fresh_network(name):
    """Or it would have nothing to learn from: an unlearnable start is a flat loss for epochs."""
    for seed in range(5):
        torch.manual_seed(seed)
        system = built(name, inputs=sizes_of(name))
        low, high = x_of(name, 4, 80), x_of(name, 4, 80)
        loud = of_parts(lambda a, b: torch.cat([a - 1, b + 1]), low, high)
        scores = system(loud)
        assert (scores[:4].mean(0) - scores[4:].mean(0)).abs().max() > 1e-3
