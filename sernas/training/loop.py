"""One epoch: every segment once, in an order of its own, a step a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sernas.errors import TrainingError
from sernas.folds.segments import SegmentData, batches
from sernas.parallel import in_order
from sernas.space.mix import Mixing

Step = Callable[[Tensor, Tensor], Tensor]
"""Takes (B, 1, F, T) and (B,) labels, updates what it trains, returns the loss."""


def adam(parameters, rate: float) -> torch.optim.Adam:
    """Adam as Wu et al. 2022 set it: betas 0.9 and 0.999, epsilon 1e-8."""
    return torch.optim.Adam(parameters, lr=rate, betas=(0.9, 0.999), eps=1e-8, fused=True)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def run_epoch(
    data: SegmentData,
    batch_size: int,
    generator: torch.Generator,
    device: torch.device,
    step: Step,
) -> float:
    """Take every segment once, in batches; the mean loss over the segments.

    Raises:
        TrainingError: a loss is not finite; names the step and the batch's utterances.
    """
    order = list(batches(len(data), batch_size, generator))
    losses = [step(x, y).detach() for x, y in loaded(data, order, device)]
    values = torch.stack(losses).double().cpu()  # the only wait for the device
    if not values.isfinite().all():
        first = int((~values.isfinite()).nonzero()[0])
        names = ", ".join(dict.fromkeys(data.utterances[i] for i in order[first]))
        raise TrainingError(
            f"the training loss became {values[first]} at step {first + 1} of {len(order)}, in a "
            f"batch of {names}; look at these recordings, or lower training.learning_rates"
        )
    sizes = torch.tensor([len(indices) for indices in order], dtype=torch.float64)
    return float((values * sizes).sum() / sizes.sum())


def loaded(
    data: SegmentData, order: list[np.ndarray], device: torch.device
) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches on ``device``; made elsewhere, they are made two steps ahead by a thread."""
    if data.device == device:
        return map(data.batch, order)
    made = in_order(data.batch, order, threads=1)
    return (tuple(part.to(device, non_blocking=True) for part in batch) for batch in made)


def loss_of(
    network: nn.Module, x: Tensor, y: Tensor, precision: str, mixing: Mixing | None = None
) -> Tensor:
    """Cross entropy of a batch; ``precision`` is that of convolutions and matrix products.

    "bfloat16" is autocast; "tf32" is a mode of the device, see :func:`devices.prepare`.
    """
    with torch.autocast(x.device.type, torch.bfloat16, enabled=precision == "bfloat16"):
        return cross_entropy(network(x, mixing), y)


def descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> Tensor:
    """One step of ``optimizer`` down the gradient of ``loss``. A parameter that took no part in
    ``loss`` has no gradient and stays as it is."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss
