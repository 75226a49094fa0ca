"""Steps of several networks at once, each down the gradient of its own loss."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_
from torch.optim import Optimizer

from sernas.folds.network_input import Input
from sernas.models.stacked import stacked_scores
from sernas.models.system import OneStream
from sernas.settings.training import OptimisationSettings
from sernas.training.graphs import Outputs, Replays, Run, graphs_on


class StackedDescent:
    """Takes steps of networks that stack; on CUDA none waits for Python, as in :class:`Descent`.

    Args:
        optimizers: that of each, which goes on being its own.
    """

    def __init__(
        self,
        networks: Sequence[OneStream],
        optimizers: Sequence[Optimizer],
        settings: OptimisationSettings,
    ):
        self._networks, self._optimizers, self._settings = networks, optimizers, settings
        self._parameters = [p for network in networks for p in network.parameters()]
        self._joint = joined(optimizers)
        graphs = graphs_on(self._parameters[0].device)
        self._derive = Replays(graphs, nn.ModuleList(networks)) if graphs else _launch

    def __call__(self, batches: Sequence[tuple[Input, Tensor]]) -> Tensor:
        """(N,) losses of a batch of each, x (B, 1, F, T) and y as for :func:`epoch.loss_of`."""
        inputs, targets = zip(*batches, strict=True)
        same = all(x is inputs[0] for x in inputs)
        x = inputs[0] if same else torch.cat(inputs, 1)
        losses, *gradients = self._derive(self._derived, [x, torch.cat(targets)], None)
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            parameter.grad = gradient
        if self._settings.clip is not None:
            for network in self._networks:
                clip_grad_norm_(network.parameters(), self._settings.clip)
        if not shares(self._joint, self._optimizers):
            self._joint = joined(self._optimizers)
        self._joint.step()
        return losses.clone()

    def _derived(self, inputs: Sequence[Tensor]) -> Outputs:
        """The losses, and the gradient by each parameter."""
        x, y = inputs
        for parameter in self._parameters:
            parameter.grad = None
        bfloat16 = self._settings.precision == "bfloat16"
        with torch.autocast(x.device.type, torch.bfloat16, enabled=bfloat16):
            scores = stacked_scores(self._networks, x)
            losses = cross_entropy(scores.flatten(0, 1), y, reduction="none")
        losses = losses.unflatten(0, (len(self._networks), -1)).mean(1)
        losses.sum().backward()
        return [losses.detach(), *(parameter.grad for parameter in self._parameters)]


def _launch(run: Run, inputs: Sequence[Tensor], kind: None) -> Outputs:
    """As :class:`Replays` does where steps are not recorded."""
    return run(inputs)


def joined(optimizers: Sequence[Optimizer]) -> Optimizer:
    """One optimiser for what several of a kind have, whose states it shares: it takes the launches
    of one for all that have one learning rate."""
    groups: dict[float, dict] = {}
    for optimizer in optimizers:
        (own,) = optimizer.param_groups
        group = groups.setdefault(own["lr"], own | {"params": []})
        group["params"] += own["params"]
    joint = type(optimizers[0])(list(groups.values()))
    for optimizer in optimizers:
        for parameter in optimizer.param_groups[0]["params"]:
            joint.state[parameter] = optimizer.state[parameter]
    return joint


def shares(joint: Optimizer, optimizers: Sequence[Optimizer]) -> bool:
    """Whether it still has their learning rates and states, of which a checkpoint brings others."""
    rates = {p: group["lr"] for group in joint.param_groups for p in group["params"]}
    for optimizer in optimizers:
        (own,) = optimizer.param_groups
        first = own["params"][0]
        if own["lr"] != rates[first] or joint.state[first] is not optimizer.state[first]:
            return False
    return True
