"""Systems without an encoder: functionals of whole utterances, and a classifier fitted to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from sernas.base.errors import SettingsError
from sernas.base.registry import load
from sernas.folds.statistics import floored_std
from sernas.models.chunks import is_long, parts
from sernas.models.functionals import Functionals
from sernas.models.reach import Recording
from sernas.models.system import Inputs, System
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing

BAND = 8
"""Chunks that the bins which are taken in at once make up: to sort them takes four times that."""


class Fitted(System):
    """Functionals, standardised by those of the training utterances, and a classifier.

    Args:
        size: (C, F), of a frame.
        functionals: (C, F, T) to (S, C, F); the bins are independent of one another.
        classifier: from K = S * C * F values and the number of classes to the classifier; see
            :class:`sernas.models.logistic.Logistic`.
        channels: those that count.
    """

    def __init__(
        self,
        size: tuple[int, int],
        n_classes: int,
        functionals: Functionals,
        classifier: Callable[[int, int], nn.Module],
        channels: slice,
    ):
        super().__init__(SearchSpace(()))
        self._functionals, self._channels = functionals, channels
        features = functionals(torch.zeros(*size, 1)[channels]).numel()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))
        self.classifier = classifier(features, n_classes)

    @property
    def to_fit(self) -> tuple[tuple[Fitted, int], ...]:
        return ((self, 0),)

    def functionals(self, x: Recording) -> Tensor:
        """(K,) of an utterance (C, F, T) of any length, which is never whole in memory: all frames
        of some bins are at a time."""
        _, width, frames = x.shape
        bins, bands = range(width), []
        if is_long(self, x):
            _, at_once, _ = next(parts(self, x))
            width = max(1, BAND * width * at_once // frames)
        for first in bins[::width]:
            band = [part[0, self._channels, first : first + width] for _, _, part in parts(self, x)]
            bands.append(self._functionals(torch.cat(band, -1)))
        return torch.cat(bands, -1).flatten()

    def fit(self, features: Tensor, labels: Tensor, speakers: Sequence[str]) -> list[dict]:
        """Fit all there is to functionals (N, K) of the training utterances.

        Args:
            labels: (N,) int64.
            speakers: of each utterance; inner folds are of speakers.

        Returns:
            A row for each choice of the classifier's hyper-parameters; see :func:`grid.chosen`.
        """
        wide = features.cpu().double()
        mean, variance = wide.mean(0), wide.var(0, correction=0)
        std = torch.from_numpy(floored_std(variance.numpy()))
        self.mean.copy_(mean)
        self.std.copy_(std)
        return self.classifier.fit(((wide - mean) / std).numpy(), labels.cpu().numpy(), speakers)

    def forward(self, x: Tensor, mixing: Mixing | None = None) -> Tensor:
        return self.score_utterances(list(x))

    def score_utterances(
        self, utterances: Sequence[Tensor], mixing: Mixing | None = None
    ) -> Tensor:
        features = torch.stack([self.functionals(x) for x in utterances])
        return self.classifier((features - self.mean) / self.std)

    def is_long(self, streams: Sequence[Recording]) -> bool:
        return is_long(self, *streams)

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        return self.score_utterances(streams)


def build(
    space: SearchSpace,
    inputs: Inputs,
    n_classes: int,
    settings: SpaceSettings,
    functionals: str,
    classifier: str,
    layer: int | None = None,
) -> Fitted:
    """The system of these functionals and that classifier, both in dotted names.

    Args:
        layer: the one of a speech model's hidden states that counts; None: all do.

    Raises:
        SettingsError: the speech model has no such layer.
    """
    [(channels, bins)] = inputs
    if layer is not None and layer >= channels:
        raise SettingsError(
            f"systems: expected that the speech model has a layer {layer}, which "
            f"linear_embeddings_l{layer} takes, found layers 0 to {channels - 1}; remove that "
            "system, or take another model (embeddings.model)"
        )
    which = slice(None) if layer is None else slice(layer, layer + 1)
    return Fitted((channels, bins), n_classes, load(functionals), load(classifier), which)
