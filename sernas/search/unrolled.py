"""The gradient of the architecture weights (Liu et al. 2019, "DARTS", section 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from sernas.search.replayed import Loss, Replayed

SMALL = 0.01  # section 2.3: epsilon = 0.01 / ||grad||


def unrolled_gradients(
    validation: Loss,
    training: Loss,
    architecture: Sequence[Tensor],
    weights: Sequence[Tensor],
    step: Callable[[Sequence[Tensor | None]], Sequence[Tensor]],
    rate: float,
    small: float = SMALL,
) -> list[Tensor]:
    """The gradient of ``L_val(w', a)`` by ``a``, where ``w'`` is ``w`` after a step of training.

    Eq. (7): with ``v = d L_val(w', a) / d w'`` it is ``d L_val(w', a) / d a`` less ``rate`` times
    the product of ``d^2 L_train(w, a) / (d a d w)`` and v, which is the difference of the gradients
    by a at ``w + R v`` and ``w - R v``, divided by ``2 R`` (Eq. 8); ``R = small / ||v||``.

    Args:
        validation: the loss of a validation batch with the present weights.
        training: the loss of the training batch that the step is taken on; under one draw of
            dropout masks, that of the step, which the difference in Eq. (8) else is one of.
        architecture: the architecture weights a.
        weights: the weights w. They are changed on the way, and are in the end what they were.
        step: from the gradients of the training loss by w, None for those without, what the step
            subtracts, but for ``rate``.
        rate: learning rate of w, xi in the paper.
        small: of R.

    Returns:
        the gradient of each of ``architecture``.
    """
    training = Replayed(training, weights[0].device)
    was = [w.detach().clone() for w in weights]

    def move(directions: Sequence[Tensor], factor: float) -> None:
        """w becomes what it was, plus ``factor`` times the directions."""
        with torch.no_grad():
            for w, before, direction in zip(weights, was, directions, strict=True):
                w.copy_(before.add(direction, alpha=factor))

    def gradients(loss: Loss, of: Sequence[Tensor]) -> list[Tensor]:
        found = torch.autograd.grad(loss(), of, allow_unused=True)
        return [torch.zeros_like(x) if g is None else g for g, x in zip(found, of, strict=True)]

    move(step(torch.autograd.grad(training(), weights, allow_unused=True)), -rate)
    both = gradients(validation, [*architecture, *weights])
    direct, by_weights = both[: len(architecture)], both[len(architecture) :]
    norm = torch.nn.utils.get_total_norm(by_weights)
    radius = small / norm.clamp_min(torch.finfo(norm.dtype).tiny)
    move(by_weights, float(radius))
    above = gradients(training, architecture)
    move(by_weights, -float(radius))
    below = gradients(training, architecture)
    move(by_weights, 0.0)
    implicit = [(a - b) / (2 * radius) for a, b in zip(above, below, strict=True)]
    return [d - rate * i for d, i in zip(direct, implicit, strict=True)]


@torch.no_grad()
def ahead(
    optimizer: torch.optim.Optimizer,
    weights: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
) -> list[Tensor]:
    """What ``optimizer`` would subtract from ``weights`` of its in its next step, but for the rate;
    it stays as it is.

    Weight decay and SGD's momentum count, as in DARTS's own step. Adam's division by the
    gradients' size does not: there the step is that of plain gradient descent, our reading.
    """
    (group,) = optimizer.param_groups
    steps = []
    for w, gradient in zip(weights, gradients, strict=True):
        step = group["weight_decay"] * w
        if gradient is not None:
            step = step + gradient
        velocity = optimizer.state[w].get("momentum_buffer") if w in optimizer.state else None
        steps.append(step if velocity is None else step + group["momentum"] * velocity)
    return steps
