"""The norm of an untrained network's gradient (Abdelfattah et al. 2021, section 3.2.1)."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, ProxyStrategy


class GradientNorm(ProxyStrategy):
    """The sum over all weights' tensors of the Euclidean norm of the gradient of a batch's loss."""

    name = "gradient_norm"
    how = "of many drawn uniformly that with the steepest loss before any training"

    def score(self, network, x, y):
        from sernas.training.epoch import loss_of  # heavy

        loss_of(network, x, y, "float32").backward()
        gradients = [p.grad for p in network.parameters() if p.grad is not None]
        return float(sum(gradient.norm() for gradient in gradients))


STRATEGIES.add(GradientNorm())
