"""One epoch: every segment once, in an order of its own, a step a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sernas.base.errors import TrainingError
from sernas.base.interrupts import stop_if_asked
from sernas.base.parallel import in_order
from sernas.folds.network_input import Input, moved, sent
from sernas.folds.segments import SegmentData, batches
from sernas.settings.training import OptimisationSettings
from sernas.space.mix import Mixing
from sernas.training.in_parts import cut, loss_in_parts, parts_of

MOMENTUM = 0.9  # of SGD

Batch = tuple[Input, Tensor]
"""An input x of (B, C, F, T) and labels (B,)."""

Step = Callable[[Input, Tensor], Tensor]
"""Takes an input of (B, C, F, T) and (B,) labels, updates what it trains, returns the loss."""


def adam(
    parameters,
    rate: float,
    betas: tuple[float, float] = (0.9, 0.999),
    weight_decay: float = 0.0,
) -> torch.optim.Adam:
    """Adam, by default as Wu et al. 2022 set it: betas 0.9 and 0.999, epsilon 1e-8."""
    return torch.optim.Adam(
        parameters, lr=rate, betas=betas, eps=1e-8, weight_decay=weight_decay, fused=True
    )


def optimizer_of(parameters, settings: OptimisationSettings) -> torch.optim.Optimizer:
    """What trains weights: Adam, or SGD with the momentum of DARTS (Liu et al. 2019)."""
    rate = settings.learning_rates[0]
    if settings.optimizer == "sgd":
        return torch.optim.SGD(
            parameters, lr=rate, momentum=MOMENTUM, weight_decay=settings.weight_decay
        )
    return adam(parameters, rate, weight_decay=settings.weight_decay)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


class Order:
    """The order of each epoch's batches, and how far the present epoch has come."""

    def __init__(self, seed: int):
        self._generator = torch.Generator().manual_seed(seed)
        self._begun = self._generator.get_state()  # with the present epoch
        self._taken_up: Tensor = torch.zeros(0)  # losses of steps before it was loaded
        self._losses: list[Tensor] = []

    @property
    def steps(self) -> int:
        """Those that the present epoch has behind it."""
        return len(self._taken_up) + len(self._losses)

    def batches(self, n: int, batch_size: int) -> list[np.ndarray]:
        """All batches of the present epoch, those behind it included."""
        self._generator.set_state(self._begun)
        return list(batches(n, batch_size, self._generator))

    def note(self, loss: Tensor) -> None:
        """A step was taken."""
        self._losses.append(loss.detach())

    def losses(self) -> Tensor:
        """(steps,) float32. Waits for the device."""
        new = torch.stack(self._losses).float().cpu() if self._losses else torch.zeros(0)
        return torch.cat([self._taken_up, new])

    def end_epoch(self) -> None:
        """What comes next is another epoch."""
        self._begun = self._generator.get_state()
        self._taken_up, self._losses = torch.zeros(0), []

    def state_dict(self) -> dict[str, Tensor]:
        return {"begun": self._begun, "losses": self.losses()}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        self._begun, self._taken_up, self._losses = state["begun"], state["losses"], []


def run_epoch(
    data: SegmentData,
    batch_size: int,
    order: Order,
    device: torch.device,
    step: Step,
    where: str,
) -> float:
    """Take every segment once, or as ``order`` draws them, in batches; the mean loss over these.

    Args:
        order: that of the batches; one that was stopped within an epoch goes on there.
        where: which epoch at which learning rate, for the error.

    Raises:
        TrainingError: a loss is not finite; names the step and the batch's utterances.
        Interrupted: a signal asks the job to end; the step was completed.
    """
    indices = order.batches(len(data), batch_size)
    for x, y in loaded(data, indices[order.steps :], device):
        order.note(step(x, y))
        stop_if_asked()
    return mean_loss(data, order, indices, where)


def mean_loss(data: SegmentData, order: Order, indices: list[np.ndarray], where: str) -> float:
    """The mean loss of an epoch whose steps have all been taken; arguments and error as above.

    Args:
        indices: of the batches.
    """
    losses = order.losses().double()  # the only wait for the device
    if not losses.isfinite().all():
        first = int((~losses.isfinite()).nonzero()[0])
        names = ", ".join(dict.fromkeys(data.utterances[i] for i in indices[first]))
        raise TrainingError(
            f"the training loss became {losses[first]} at step {first + 1} of {len(indices)} of "
            f"{where}, in a batch of {names}; look at these recordings, lower "
            "optimisation.learning_rates, or set optimisation.retries"
        )
    return mean_over_segments(losses, indices)


def mean_over_segments(losses: Tensor, indices: list[np.ndarray]) -> float:
    """The mean of the batches' losses (steps,), which weighs segments alike: the last batch is
    smaller."""
    sizes = torch.tensor([len(batch) for batch in indices], dtype=torch.float64)
    return float((losses.double() * sizes).sum() / sizes.sum())


def loaded(data: SegmentData, order: list[np.ndarray], device: torch.device) -> Iterator[Batch]:
    """The batches on ``device``; made elsewhere, they are made two steps ahead by a thread."""
    if data.device.type == device.type:  # "cuda", and "cuda:0" as parameters have it: a job has one
        return data.in_turn(order)
    made = in_order(data.batch, order, threads=1)
    return ((moved(x, device, non_blocking=True), sent(y, device)) for x, y in made)


def loss_of(
    network: nn.Module, x: Input, y: Tensor, precision: str, mixing: Mixing | None = None
) -> Tensor:
    """Cross entropy of a batch; ``precision`` is that of convolutions and matrix products.

    "bfloat16" is autocast; "tf32" is a mode of the device, see :func:`devices.prepare`.

    Args:
        y: (B,) labels; or (B, classes), what each class's log probability is weighted by.
    """

    def loss(x: Input, y: Tensor, mixing: Mixing | None) -> Tensor:
        with torch.autocast(y.device.type, torch.bfloat16, enabled=precision == "bfloat16"):
            return cross_entropy(network(x, mixing), y)

    parts = parts_of(network, x)
    return loss(x, y, mixing) if parts == 1 else loss_in_parts(loss, network, x, y, mixing, parts)


@torch.no_grad()
def scores_of(network: nn.Module, x: Input, precision: str, mixing: Mixing | None = None) -> Tensor:
    """(B, classes) scores of a batch, without a gradient; ``precision`` as above."""
    device = next(network.parameters()).device.type
    with torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16"):
        scores = [network(part, mixing) for part in cut(x, parts_of(network, x))]
    return torch.cat(scores)


def descend(loss: Tensor, optimizer: torch.optim.Optimizer, clip: float | None = None) -> Tensor:
    """One step of ``optimizer`` down the gradient of ``loss``. A parameter that took no part in
    ``loss`` has no gradient and stays as it is.

    Args:
        clip: see :func:`take_step`.
    """
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    take_step(optimizer, clip)
    return loss


def take_step(optimizer: torch.optim.Optimizer, clip: float | None = None) -> None:
    """One step by the present gradients.

    Args:
        clip: greatest norm of the gradient of all that is trained; a longer one is shortened.
    """
    if clip is not None:
        trained = (p for group in optimizer.param_groups for p in group["params"])
        torch.nn.utils.clip_grad_norm_(trained, clip)
    optimizer.step()
