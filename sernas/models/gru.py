"""The GRUs of several networks at once, whose steps are products of all of them.

One GRU of all their units, with zeros between these, would let what is not finite in one reach the
others. PyTorch's own take the launches of each, and on the CPU twice to three times as long.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.autograd.function import Function, once_differentiable


def bidirectional(grus: Sequence[nn.GRU], x: Tensor) -> tuple[Tensor, Tensor]:
    """What each GRU of one layer and two directions makes of its own sequences.

    Args:
        x: (N, B, T, D).

    Returns:
        The steps (N, B, T, 2 * units), and the last state of the one direction beside that of the
        other (N, B, 2 * units).
    """
    weights = [torch.stack(each) for each in zip(*(gru.parameters() for gru in grus), strict=True)]
    # the backward directions are N more, which read from the end
    of_x, of_h, bias_of_x, bias_of_h = map(torch.cat, zip(weights[:4], weights[4:], strict=True))
    both = torch.cat([x, x.flip(2)])
    gates = torch.baddbmm(bias_of_x.unsqueeze(1), both.flatten(1, 2), of_x.mT)
    gates = gates.unflatten(1, both.shape[1:3]).permute(2, 0, 1, 3).to(of_h)
    with torch.autocast(x.device.type, enabled=False):
        steps = _Recurrence.apply(gates, of_h.mT, bias_of_h.unsqueeze(1))
    last = steps[-1]
    forth, back = steps.permute(1, 2, 0, 3).chunk(2)
    return torch.cat([forth, back.flip(2)], 3), torch.cat(last.chunk(2), 2)


class _Recurrence(Function):
    """States (T, N, B, units) by the gates' share of x (T, N, B, 3 * units), the weights (N, units,
    3 * units) and biases (N, 1, 3 * units) of the states; PyTorch's order: reset, update, new."""

    @staticmethod
    def forward(ctx, gates: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        units, kept = weight.shape[1], []
        h = gates.new_zeros(*gates.shape[1:3], units)
        for of_x in gates:
            of_h = torch.baddbmm(bias, h, weight)
            opened = (of_x[..., : 2 * units] + of_h[..., : 2 * units]).sigmoid_()
            reset, update = opened.chunk(2, 2)
            of_h = of_h[..., 2 * units :]
            new = torch.addcmul(of_x[..., 2 * units :], reset, of_h).tanh_()
            h = torch.lerp(new, h, update)
            kept.append((opened, of_h, new, h))
        opened, of_h, new, steps = map(torch.stack, zip(*kept, strict=True))
        ctx.save_for_backward(weight, opened, of_h, new, steps)
        return steps

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor):
        weight, opened, of_h, new, steps = ctx.saved_tensors
        before = torch.cat([torch.zeros_like(steps[:1]), steps[:-1]])
        reset, update = opened.chunk(2, 3)
        # what the gradient of a state is multiplied by for those of its gates
        by_new = (1 - update) * (1 - new.square())
        by_reset = by_new * of_h * reset * (1 - reset)
        by_update = (before - new) * update * (1 - update)
        factors = torch.stack([by_reset, by_update, by_new * reset], 3)
        total, behind = torch.empty_like(steps), torch.zeros_like(steps[0])
        for t in reversed(range(len(steps))):
            own = torch.add(gradient[t], behind, out=total[t])
            of_gates = (own.unsqueeze(2) * factors[t]).flatten(2)
            behind = torch.baddbmm(own * update[t], of_gates, weight.mT)
        of_gates = (total.unsqueeze(3) * factors).flatten(3)  # their share of the state
        of_x = torch.cat([of_gates[..., : -weight.shape[1]], total * by_new], 3)
        of_gates = of_gates.transpose(0, 1).flatten(1, 2)  # (N, T * B, 3 * units)
        of_weight = before.transpose(0, 1).flatten(1, 2).mT @ of_gates
        return of_x, of_weight, of_gates.sum(1, keepdim=True)
