import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sernas.operations.norms import Norm, batch_norm
from sernas.operations.registry import OPERATIONS
from sernas.operations.sequence_operations import HEADS
from sernas.operations.source import Source
from sernas.space.cells import NONE, OF_SEQUENCES, SKIP

PLAIN, SEARCHED = batch_norm(supernet=False), batch_norm(supernet=True)
CHANNELS = 8
NAMES = [name for name in OF_SEQUENCES if name not in (NONE, SKIP)]


def built(name, norm=SEARCHED):
    torch.manual_seed(0)
    return OPERATIONS[name].build(CHANNELS, 1, norm).double()


def sequences(steps=9, batch=3):
    return torch.randn(batch, CHANNELS, 1, steps, dtype=torch.float64)


def normalised(h):
    return F.batch_norm(h, None, None, training=True)


def test_every_operation_of_the_space_that_is_its_own_can_be_built():
    assert set(OF_SEQUENCES) - {NONE} <= set(OPERATIONS)


@pytest.mark.parametrize("steps", [1, 2, 7])
@pytest.mark.parametrize("name", NAMES)
def test_every_step_stays(name, steps):
    x = sequences(steps).requires_grad_()
    out = built(name)(Source(x))
    assert out.shape == x.shape
    out.pow(3).sum().backward()
    assert x.grad.isfinite().all()


@pytest.mark.parametrize(("name", "taps"), [("conv_3", 3), ("conv_5", 5), ("dil_conv_3", 3)])
def test_a_convolution_is_that_of_the_rectified_sequence(name, taps):
    operation, x = built(name), sequences()
    weight = operation.conv.weight[:, :, 0]
    assert weight.shape == (CHANNELS, CHANNELS, taps)
    apart = 2 if name == "dil_conv_3" else 1
    h = F.conv1d(F.relu(x[:, :, 0]), weight, padding="same", dilation=apart)
    torch.testing.assert_close(operation(Source(x))[:, :, 0], normalised(h))


def test_a_bidirectional_gru_steps_through_each_sequence_from_both_ends():
    operation, x = built("bi_gru"), sequences()
    cells = []
    for suffix in ("_l0", "_l0_reverse"):
        cell = nn.GRUCell(CHANNELS, CHANNELS // 2).double()
        cell.load_state_dict(
            {
                name.removesuffix(suffix): value
                for name, value in operation.gru.state_dict().items()
                if name.endswith(suffix)
            }
        )
        cells.append(cell)
    steps, found = x[:, :, 0].permute(2, 0, 1), [[], []]  # (T, B, C)
    for cell, order, states in zip(cells, (steps, steps.flip(0)), found, strict=True):
        state = torch.zeros(3, CHANNELS // 2, dtype=torch.float64)
        for step in order:
            state = cell(step, state)
            states.append(state)
    h = torch.cat([torch.stack(found[0]), torch.stack(found[1]).flip(0)], 2).permute(1, 2, 0)
    torch.testing.assert_close(operation(Source(x))[:, :, 0], normalised(h))


def test_self_attention_is_scaled_dot_products_of_each_sequence_with_itself():
    operation, x = built("self_attention"), sequences()
    attention, h = operation.attention, x[:, :, 0].transpose(1, 2)
    q, k, v = F.linear(h, attention.in_proj_weight, attention.in_proj_bias).chunk(3, 2)
    size, parts = CHANNELS // HEADS, []
    for head in (slice(i * size, (i + 1) * size) for i in range(HEADS)):
        alike = q[..., head] @ k[..., head].transpose(1, 2) / size**0.5  # (B, T, T)
        parts.append(alike.softmax(2) @ v[..., head])
    out = attention.out_proj(torch.cat(parts, 2)).transpose(1, 2)
    torch.testing.assert_close(operation(Source(x))[:, :, 0], normalised(out))


@pytest.mark.parametrize("norm", [PLAIN, SEARCHED], ids=["plain", "searched"])
@pytest.mark.parametrize("name", NAMES)
def test_the_weight_of_an_operation_is_that_of_its_output(name, norm):
    operation, x = built(name, norm), sequences()
    weight = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    found, expected = operation(Source(x), weight), weight * operation(Source(x))
    torch.testing.assert_close(found, expected)
    outer = torch.randn_like(found)
    by_weight = [torch.autograd.grad((h * outer).sum(), weight)[0] for h in (found, expected)]
    torch.testing.assert_close(*by_weight)


@pytest.mark.parametrize("name", NAMES)
def test_batch_norm_has_no_parameters_and_no_running_statistics_in_a_supernet(name):
    for norm, holds in ((SEARCHED, False), (PLAIN, True)):
        (found,) = [m for m in built(name, norm).modules() if isinstance(m, Norm)]
        assert (found.weight is not None) == (found.running_mean is not None) == holds


@torch.no_grad()
@pytest.mark.parametrize("name", NAMES)
def test_a_sequence_is_alone_in_a_batch(name):
    operation, x = built(name, PLAIN).eval(), sequences()
    alone = torch.cat([operation(Source(row[None])) for row in x])
    torch.testing.assert_close(operation(Source(x)), alone)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_stride(name):
    with pytest.raises(ValueError, match="expected a stride of 1, found 2"):
        OPERATIONS[name].build(CHANNELS, 2, PLAIN)


@torch.no_grad()
def test_long_self_attention_is_the_same(monkeypatch):
    operation, x = built("self_attention", PLAIN).eval(), sequences(steps=50)
    short = operation(Source(x))
    monkeypatch.setattr("sernas.operations.sequence_operations.LONG", 49)
    torch.testing.assert_close(operation(Source(x)), short, rtol=1e-9, atol=1e-9)
