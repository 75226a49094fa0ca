import pytest
import torch
import torch.nn.functional as F

from sernas.base.errors import SettingsError
from sernas.models.system import initialise
from sernas.operations import mixed_layer as mixed_layer_module
from sernas.operations.kernels import conv2d_same
from sernas.operations.mixed_layer import MixedBlocks, MixedLayer
from sernas.space.cells import NONE, OF_IMAGES
from sernas.space.choices import Choice
from sernas.space.mix import Mix
from sernas.systems.card import search_space

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


def test_of_no_blocks_the_scores_are_zero_and_only_what_came_before_gets_a_gradient():
    blocks, before = MixedBlocks([torch.nn.Linear(3, 2) for _ in range(3)]), torch.nn.Linear(3, 3)
    scores = blocks(before(torch.randn(5, 3)), Mix((), torch.ones(3)))
    assert torch.equal(scores, torch.zeros(5, 2))
    scores.sum().backward()
    assert torch.equal(before.weight.grad, torch.zeros(3, 3))
    assert all(p.grad is None for p in blocks.parameters())


BESIDE = ("5x4", "avg_pool_3x3", "4x6", "sep_conv_3x3", "dil_conv_5x5", "skip_connect", "2x3")
BESIDES = {
    "everything": Mix(tuple(range(7)), torch.tensor([0.3, 0.1, 0.2, 0.15, 0.05, 0.1, 0.1])),
    "kernels alone": Mix((0, 2, 6), torch.tensor([0.3, 9, 0.2, 9, 9, 9, 0.5])),
    "nothing": Mix((), torch.full((7,), 9.0)),
    "others alone": Mix((1, 3, 5), torch.tensor([9, 0.3, 9, 0.2, 9, 0.5, 9])),
    "one masked": Mix((0, 1, 3, 4, 5, 6), torch.tensor([0.3, 0.1, 9, 0.15, 0.05, 0.1, 0.1])),
    "a kernel and a pool": Mix((1, 2), torch.tensor([9, 0.4, 0.6, 9, 9, 9, 9])),
    **{f"{name} alone": Mix((i,)) for i, name in enumerate(BESIDE)},
}


def mixed_layer(names=BESIDE, relu_inside=False, channels=4):
    torch.manual_seed(0)
    layer = MixedLayer(Choice("conv2d_3", names), channels, channels, relu_inside).double()
    initialise(layer)
    for bias in layer.biases:
        torch.nn.init.normal_(bias)
    return layer


def literal(layer, x, mix):
    """Each candidate by the functions of torch alone, weighted and summed."""

    def separable(part, h):
        size, dilation = part.depthwise.kernel_size[0], part.depthwise.dilation[0]
        padding = dilation * (size // 2)
        depthwise = part.depthwise.weight
        h = F.conv2d(F.relu(h), depthwise, None, 1, padding, dilation, groups=len(depthwise))
        return F.conv2d(h, part.pointwise.weight)

    total, kernels = 0 * x, 0
    for i, name in enumerate(layer.candidates):
        if name in layer.operations:
            operation = layer.operations[name]
        else:
            weight, bias = layer.weights[kernels], layer.biases[kernels]
            assert name == f"{weight.shape[2]}x{weight.shape[3]}"
            kernels += 1
        if i not in mix.candidates:
            continue
        match name:
            case "avg_pool_3x3":
                h = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
            case "skip_connect":
                h = x
            case "sep_conv_3x3":
                h = separable(operation.second, separable(operation.first, x))
            case "dil_conv_5x5":
                h = separable(operation, x)
            case _:
                h = F.conv2d(x, weight, bias, padding="same")
        h = F.relu(h) if layer.relu_inside else h
        total = total + (h if mix.weights is None else mix.weights[i] * h)
    return total


@pytest.mark.parametrize("size", [(13, 17), (8, 6), (5, 70)], ids=str)
@pytest.mark.parametrize("relu_inside", [False, True])
@pytest.mark.parametrize("mix", BESIDES.values(), ids=BESIDES)
def test_any_mixture_is_that_of_its_candidates_in_output_and_every_gradient(mix, relu_inside, size):
    layer, results = mixed_layer(relu_inside=relu_inside), []
    for form in (layer, lambda x, mix: literal(layer, x, mix)):
        torch.manual_seed(1)
        x = torch.randn(2, 4, *size, dtype=torch.float64, requires_grad=True)
        a = None if mix.weights is None else mix.weights.double().requires_grad_()
        out = form(x, Mix(mix.candidates, a))
        layer.zero_grad(set_to_none=True)
        (out * torch.randn(out.shape).double()).sum().backward()  # whatever its layout
        taken = {n: p.grad for n, p in layer.named_parameters()}
        results.append({"out": out, "x": x.grad, "a": None if a is None else a.grad, **taken})
    found, expected = results
    for name, tensor in expected.items():
        if tensor is None:
            assert found[name] is None, name
        else:
            torch.testing.assert_close(found[name], tensor, rtol=1e-10, atol=1e-10, msg=name)
    takers = {BESIDE[i] for i in mix.candidates}
    assert found["out"].shape == found["x"].shape
    for name, module in layer.operations.items():
        assert all((p.grad is not None) == (name in takers) for p in module.parameters())


def test_what_merges_is_one_convolution(monkeypatch):
    layer, calls = mixed_layer(), []

    def counted(*arguments):
        calls.append(arguments[1].shape[2:])
        return conv2d_same(*arguments)

    monkeypatch.setattr(mixed_layer_module, "conv2d_same", counted)
    layer(torch.randn(1, 4, 9, 9).double(), Mix((0, 1, 2, 3), torch.full((7,), 0.1).double()))
    assert calls == [(5, 6)]  # of 5x4 and 4x6
    layer(torch.randn(1, 4, 9, 9).double(), Mix((1, 5), torch.full((7,), 0.1).double()))
    assert len(calls) == 1


def test_a_layer_of_kernels_has_the_parameters_that_it_always_had():
    layer = layer_of("conv2d_3")
    names = [f"{part}.{i}" for part in ("weights", "biases") for i in range(6)]
    assert list(layer.state_dict()) == names


def test_no_operation_of_a_convolutional_layer_has_batch_norm():
    layer = mixed_layer(tuple(name for name in OF_IMAGES if name != NONE))
    assert len(layer.operations) == 7
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in layer.modules())
    assert not list(layer.operations["max_pool_3x3"].parameters())


@pytest.mark.parametrize(
    ("names", "channels", "message"),
    [
        (("5x5", "avg_pool_3x3"), (1, 8), "conv2d_3 makes 8 channels of 1,.*found avg_pool_3x3;"),
        (
            ("5x5", "mean_9x9"),
            (4, 4),
            "no operation is called 'mean_9x9'; choose one of .*max_pool_3x3",
        ),
        (("5x5", NONE), (4, 4), "no operation is called 'none'"),
        (("self_attention",), (4, 4), "conv2d_3 cannot hold the operation 'self_attention': exp"),
        (("bi_gru",), (4, 4), "'bi_gru': expected one for .B, C, F, T. = .2, 4, 9, 7. and stride"),
    ],
)
def test_what_cannot_stand_in_a_layer_is_an_error_at_building(names, channels, message):
    with pytest.raises(SettingsError, match=message):
        MixedLayer(Choice("conv2d_3", names), *channels)
