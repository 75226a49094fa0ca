"""Steps down the gradient of a network's loss; on CUDA none waits for Python."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from sernas.folds.network_input import Input, as_input, streams_of
from sernas.space.mix import Mixing
from sernas.training.draws import Draws, Form, divided, mixing_of
from sernas.training.epoch import descend, loss_of, take_step
from sernas.training.graphs import Replays, graphs_on


class Descent:
    """Takes steps of a network.

    Where steps are recorded (see :mod:`sernas.training.graphs`) its gradients are computed with
    draws as weights, whether launched or replayed, so that both give the same bits. A candidate
    that takes no part has no gradient there either. The optimiser's launches, two or three, stay
    outside: what has no gradient it is to leave as it is, and its state may come from a checkpoint.

    Args:
        network: on its device; what it consists of does not change from the first step on.
        precision: of :func:`loss_of`.
    """

    def __init__(self, network: nn.Module, precision: str):
        self._network, self._precision = network, precision
        self._parameters = list(network.parameters())
        graphs = graphs_on(self._parameters[0].device)
        self._replays = graphs and Replays(graphs, network)
        self._draws = Draws(network)

    def __call__(
        self,
        x: Input,
        y: Tensor,
        optimizer: torch.optim.Optimizer,
        clip: float | None = None,
        mixing: Mixing | None = None,
    ) -> Tensor:
        """One step of ``optimizer``; the loss. See :func:`loss_of` and :func:`descend`."""
        if self._replays is None:
            loss = loss_of(self._network, x, y, self._precision, mixing)
            return descend(loss, optimizer, clip)
        optimizer.zero_grad(set_to_none=True)
        loss = self._derived(x, y, optimizer, mixing or {})
        take_step(optimizer, clip)
        return loss

    def _derived(
        self, x: Input, y: Tensor, optimizer: torch.optim.Optimizer, mixing: Mixing
    ) -> Tensor:
        """The loss, whose gradients what ``optimizer`` trains then has."""
        draw = self._draws.draw(mixing)
        trained = [p for group in optimizer.param_groups for p in group["params"]]
        inputs = [draw.weights, y, *streams_of(x)]
        wanted = (draw.learned, *(p.requires_grad for p in self._parameters))
        run = partial(self._computed, trained, draw.form, draw.learned)
        outputs = self._replays(run, inputs, (id(optimizer), draw.form, wanted))
        loss, of_weights = outputs[0], outputs[1 : len(draw.form) + 1]
        for parameter, gradient in zip(trained, outputs[len(draw.form) + 1 :], strict=True):
            parameter.grad = gradient
        for parameter in draw.left_out:
            if parameter.requires_grad:
                parameter.grad = None
        draw.pass_on(of_weights)
        return loss.clone()

    def _computed(
        self,
        trained: Sequence[nn.Parameter],
        form: Form,
        learned: bool,
        inputs: Sequence[Tensor],
    ) -> list[Tensor | None]:
        """The loss, its gradient by each layer's weights, and by each of what is trained."""
        weights, y, *streams = inputs
        weights = [own.detach().requires_grad_(learned) for own in divided(weights, form)]
        for parameter in trained:
            parameter.grad = None
        mixing = mixing_of(weights, form)
        loss = loss_of(self._network, as_input(streams), y, self._precision, mixing)
        loss.backward()
        return [loss.detach(), *(each.grad for each in (*weights, *trained))]
