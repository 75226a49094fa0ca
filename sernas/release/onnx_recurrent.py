"""Recurrent layers as ONNX has them: one operator a layer, for sequences of any length.

PyTorch's exporter would unroll them, step by step, as soon as the number of steps is more than one
unknown by itself.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

GATES = {nn.GRU: (1, 0, 2), nn.LSTM: (0, 3, 1, 2)}
"""PyTorch's gates in ONNX's order: update, reset, new of a GRU; of an LSTM input, output, forget,
cell."""


def with_operators(network: nn.Module) -> nn.Module:
    """``network`` itself, whose GRUs and LSTMs are replaced by :class:`Operator`."""
    for module in list(network.modules()):
        for name, child in module.named_children():
            if type(child) in GATES and child.batch_first and child.bias and not child.proj_size:
                setattr(module, name, Operator(child))
    return network


class Operator(nn.Module):
    """A GRU or LSTM to be exported: (B, T, D) -> steps (B, T, directions * units), and the last
    states (layers * directions, B, units). It does not compute."""

    def __init__(self, recurrent: nn.GRU | nn.LSTM):
        super().__init__()
        self.name, self.units = type(recurrent).__name__, recurrent.hidden_size
        self.directions = 2 if recurrent.bidirectional else 1
        order = GATES[type(recurrent)]
        weights = [_reordered(each, order) for each in recurrent.parameters()]
        of_layer = 4 * self.directions
        self.layers = nn.ParameterList()
        for first in range(0, len(weights), of_layer):
            some = weights[first : first + of_layer]
            of_x, of_h, bias_of_x, bias_of_h = (torch.stack(some[i::4]) for i in range(4))
            self.layers += [of_x, of_h, torch.cat([bias_of_x, bias_of_h], 1)]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        steps, last = x.transpose(0, 1), []
        attributes = {"hidden_size": self.units}
        attributes["direction"] = "bidirectional" if self.directions == 2 else "forward"
        if self.name == "GRU":
            attributes["linear_before_reset"] = 1  # as PyTorch's
        number, batch = steps.shape[:2]
        state = (self.directions, batch, self.units)
        shapes = [(number, *state), *[state] * (1 if self.name == "GRU" else 2)]
        for i in range(0, len(self.layers), 3):
            found, states, *_ = torch.onnx.ops.symbolic_multi_out(
                self.name,
                (steps, *self.layers[i : i + 3]),
                attributes,
                dtypes=[steps.dtype] * len(shapes),
                shapes=shapes,
            )
            steps = found.transpose(1, 2).flatten(2)
            last.append(states)
        return steps.transpose(0, 1), torch.cat(last)


def _reordered(weight: Tensor, order: tuple[int, ...]) -> Tensor:
    gates = weight.detach().chunk(len(order))
    return torch.cat([gates[i] for i in order])
