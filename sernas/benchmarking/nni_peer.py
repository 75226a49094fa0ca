"""The CNN with the mixed layers of NNI 3.0 in place of ours, where NNI is installed.

NNI is not a dependency: ``pip install -e '.[benchmark]'`` adds it.
"""

from __future__ import annotations

from torch import Tensor, nn

from sernas.benchmarking.branches import BranchCNN, branched
from sernas.models.cnn import CHANNELS
from sernas.operations.mixed_layer import MixedLayer
from sernas.search.supernet import Supernet
from sernas.space.mix import Mixing


def nni_is_installed() -> bool:
    """Whether NNI can be imported; done here, so that no variant pays for it."""
    try:
        import nni.nas.oneshot.pytorch.supermodule.differentiable  # noqa: F401
    except ImportError:
        return False
    return True


class NNICNN(BranchCNN):
    """Its layers are ``peers``, which know the weights of their candidates themselves."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.peers = nn.ModuleDict()

    def mixture(self, layer: str, x: Tensor, mixing: Mixing) -> Tensor:
        return self.peers[layer](x)


def with_nni(supernet: Supernet) -> Supernet:
    """``supernet``, with its convolutions mixed by NNI; parameters are shared, not copied."""
    from nni.mutable import frozen_context
    from nni.nas.oneshot.pytorch.supermodule.differentiable import DifferentiableMixedLayer

    cnn = branched(supernet, NNICNN).system.encoder
    for layer in CHANNELS:
        candidates = convolutions(getattr(cnn, layer))
        logits = supernet.logits[layer]
        with frozen_context({layer: 0}):  # which NNI wants where it has not built the network
            peer = DifferentiableMixedLayer(candidates, logits, nn.Softmax(-1), layer)
        cnn.peers[layer] = peer
    return supernet


def convolutions(layer: MixedLayer) -> list[nn.Conv2d]:
    """A layer of torch for each candidate, which shares its weights."""
    made = []
    for weight, bias in zip(layer.weights, layer.biases, strict=True):
        out_channels, in_channels, *kernel = weight.shape
        made.append(nn.Conv2d(in_channels, out_channels, tuple(kernel), padding="same"))
        made[-1].weight, made[-1].bias = weight, bias
    return made
