import pytest
import torch
import torch.nn.functional as F

from sernas.models.system import initialise
from sernas.operations.kernels import conv2d_same
from sernas.operations.mixed_layer import MixedBlocks, MixedLayer
from sernas.space.mix import Mix
from sernas.space.registry import search_space

MIXES = {
    "everything": Mix((0, 1, 2, 3, 4, 5), torch.tensor([0.3, 0.1, 0.2, 0.15, 0.05, 0.2])),
    "one masked": Mix((0, 1, 3, 4, 5), torch.tensor([0.2, 0.2, 0.4, 0.2, 0.3, 0.1])),
    "two masked": Mix((1, 2, 4, 5), torch.tensor([0.4, 0.5, 0.2, 0.3, 0.2, 0.1])),
    "one sampled": Mix((3,)),
}


def layer_of(name, **options):
    torch.manual_seed(0)
    channels = (1, 8) if name in ("conv2d_1", "conv2d_2") else (16, 16)
    layer = MixedLayer(search_space("cnn_rnn_att")[name], *channels, **options)
    initialise(layer)
    for bias in layer.biases:
        torch.nn.init.normal_(bias)
    return layer.double()


@pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES)
@pytest.mark.parametrize("name", ["conv2d_1", "conv2d_2", "conv2d_3"])
def test_the_merged_kernel_equals_the_branches_in_output_and_every_gradient(name, mix):
    layer = layer_of(name)
    results = []
    for form in (layer.forward, layer.branches):
        torch.manual_seed(1)
        x = torch.randn(2, layer.weights[0].shape[1], 13, 17, dtype=torch.float64)
        x.requires_grad_()
        a = None if mix.weights is None else mix.weights.double().requires_grad_()
        out = form(x, Mix(mix.candidates, a))
        layer.zero_grad(set_to_none=True)
        (out * torch.randn_like(out)).sum().backward()
        inputs = [x] if a is None else [x, a]
        results.append([out, *(t.grad for t in (*inputs, *layer.parameters()))])
    for merged, branches in zip(*results, strict=True):
        if branches is None:
            assert merged is None
        else:
            torch.testing.assert_close(merged, branches, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES)
def test_candidates_that_take_no_part_get_no_gradient(mix):
    layer = layer_of("conv2d_3")
    weights = None if mix.weights is None else mix.weights.double()
    layer(torch.randn(1, 16, 8, 8).double(), Mix(mix.candidates, weights)).sum().backward()
    got = {i for i, weight in enumerate(layer.weights) if weight.grad is not None}
    assert got == {i for i, bias in enumerate(layer.biases) if bias.grad is not None}
    assert got == set(mix.candidates)


def test_relu_inside_is_the_literal_mixture_of_relus():
    layer = layer_of("conv2d_3", relu_inside=True)
    x = torch.randn(1, 16, 9, 9).double()
    mix = Mix((0, 4), torch.tensor([0.25, 9, 9, 9, 0.75]).double())
    parts = [F.relu(F.conv2d(x, layer.weights[i], layer.biases[i], padding="same")) for i in (0, 4)]
    torch.testing.assert_close(layer(x, mix), 0.25 * parts[0] + 0.75 * parts[1])


@pytest.mark.parametrize("k", [(2, 8), (8, 2), (1, 9), (3, 5), (4, 6), (5, 5)])
def test_same_convolution_is_that_of_torch(k):
    x, w, b = torch.randn(2, 3, 11, 12), torch.randn(4, 3, *k), torch.randn(4)
    torch.testing.assert_close(
        conv2d_same(x, w, b), F.conv2d(x, w, b, padding="same"), rtol=1e-4, atol=1e-5
    )


def test_a_strided_same_convolution_pads_bottom_and_right():
    x = torch.zeros(1, 1, 6, 10)
    x[..., -1, -1] = 1
    w = torch.arange(25.0).view(1, 1, 5, 5)
    out = conv2d_same(x, w, torch.zeros(1), (4, 2))
    assert out.shape == (1, 1, 2, 5)
    # 6 rows, stride 4: three are added, one above and two below; 10 columns, stride 2: the same
    padded = F.pad(x, (1, 2, 1, 2))
    torch.testing.assert_close(out, F.conv2d(padded, w, stride=(4, 2)))


def test_blocks_are_mixed_by_their_scores():
    blocks = MixedBlocks([torch.nn.Linear(3, 2) for _ in range(3)])
    x = torch.randn(5, 3)
    one, two = blocks.blocks[0](x), blocks.blocks[2](x)
    mix = Mix((0, 2), torch.tensor([0.4, 9, 0.8]))
    torch.testing.assert_close(blocks(x, mix), 0.4 * one + 0.8 * two)
    assert torch.equal(blocks(x, Mix((2,))), two)
