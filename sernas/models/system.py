"""What every system is: encoders of its inputs, and a head that scores what they make."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sernas.folds.network_input import Input
from sernas.models.chunks import is_long, pieces
from sernas.models.drawn_by_name import generator_of
from sernas.models.encoded import encoded
from sernas.models.reach import Recording
from sernas.operations.mixed_layer import MixedLayer
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mix, Mixing

Inputs = tuple[tuple[int, int], ...]
"""(channels, bins) of each stream: (1, F) of a spectrogram, (L, D) of a speech model's layers."""


class System(nn.Module):
    """A network over a search space, from what it takes to scores of the classes.

    What it takes of a batch is x, one tensor where it has one stream and a tuple of them where it
    has several (see :func:`sernas.systems.card.SystemCard`): spectrograms are (B, 1, F, T), the
    embeddings of a speech model (B, L, D, T).

    One may have an attribute ``dropout``, an ``nn.Identity`` before its head, see
    :meth:`put_dropout`.

    Args:
        space: what may be chosen; one candidate a choice makes the plain network.
    """

    def __init__(self, space: SearchSpace) -> None:
        super().__init__()
        self.space = space

    def forward(self, x: Input, mixing: Mixing | None = None) -> Tensor:
        """(B, classes) scores, before the softmax, of inputs of one length.

        Args:
            x: normalised.
            mixing: the mix of each layer; may be left out for a plain network.
        """
        raise NotImplementedError

    def score_utterances(self, utterances: Sequence[Input], mixing: Mixing | None = None) -> Tensor:
        """(B, classes) scores of whole utterances, each of a length of its own.

        No padding has an effect on what encoders make of one; see :mod:`sernas.models.encoded`.

        Args:
            utterances: x of each, without its first dimension.
        """
        raise NotImplementedError

    @property
    def to_fit(self) -> tuple[tuple[System, int], ...]:
        """What of it is not trained by steps, and the stream that each such part takes; see
        :func:`sernas.training.fitting.fit_parts`."""
        return ()

    @property
    def stacks(self) -> bool:
        """Whether :meth:`scores_of_each` takes this network as one of several; here none."""
        return False

    def scores_of_each(self, networks: Sequence[System], x: Tensor) -> Tensor:
        """The scores of several networks as one, before the softmax.

        Args:
            networks: N of this system, each of which ``stacks``; architectures may differ.
            x: (B, N, F, T), the spectrograms of each; or (B, 1, F, T), which all see.

        Returns:
            (N, B, classes).
        """
        raise NotImplementedError

    def is_long(self, streams: Sequence[Recording]) -> bool:
        """Whether an utterance is to be scored by :meth:`score_long`; here none is.

        Args:
            streams: the frames of each.
        """
        return False

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        """(1, classes) scores of one utterance of any length, equal to those of
        :meth:`score_utterances` but for rounding, in an amount of memory that its length hardly
        changes."""
        raise NotImplementedError

    def put_dropout(self, share: float) -> None:
        """Drop that share of what its head reads, in training, where it has a place for that."""
        if hasattr(self, "dropout"):
            self.dropout = nn.Dropout(share)

    def plain(self) -> Mixing:
        """The mixing of a network with one candidate a layer.

        Raises:
            ValueError: there are several candidates; a supernet needs a mixing.
        """
        if self.space.size != 1:
            raise ValueError("this network holds several candidates a layer: pass their mixing")
        return dict.fromkeys(self.space.layers, Mix())

    def parameter_count(self) -> int:
        """Number of trainable parameters (the table's #param)."""
        return sum(parameter.numel() for parameter in self.parameters())


class OneStream(System):
    """An encoder from a spectrogram or embeddings to a sequence, and a head that scores it.

    Subclasses pass their encoder, build their head in ``__init__``, and define :meth:`classify`.

    Args:
        encoder: x (B, C, F, T) and a mixing to sequences (B, T', D); its attribute ``features`` is
            D. Long utterances are cut for it if it has ``tried_on``, see
            :func:`sernas.models.reach.reach_of`.
    """

    def __init__(self, space: SearchSpace, encoder: nn.Module) -> None:
        super().__init__(space)
        self.encoder = encoder

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """Scores of sequences of encoded steps, padded to a common length that has no effect.

        Args:
            sequences: (B, T', D).
            lengths: (B,) int64 on the CPU, the steps of each; None: all are whole.
            mixing: the mix of each layer.

        Returns:
            (B, classes) scores before the softmax.
        """
        raise NotImplementedError

    def classify_pieces(self, pieces: Sequence[Tensor], mixing: Mixing) -> Tensor:
        """Scores of one sequence that is handed out in pieces; here they are put together.

        Args:
            pieces: (1, n, D) each, made anew each time that one is asked for.

        Returns:
            (1, classes) scores before the softmax.
        """
        return self.classify(torch.cat(list(pieces), 1), None, mixing)

    def forward(self, x: Tensor, mixing: Mixing | None = None) -> Tensor:
        mixing = mixing or self.plain()
        return self.classify(self.encoder(x, mixing), None, mixing)

    def score_utterances(
        self, utterances: Sequence[Tensor], mixing: Mixing | None = None
    ) -> Tensor:
        mixing = mixing or self.plain()
        sequences = encoded(self.encoder, utterances, mixing)
        lengths = torch.tensor([len(sequence) for sequence in sequences])
        padded = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
        return self.classify(padded, lengths, mixing)

    def is_long(self, streams: Sequence[Recording]) -> bool:
        return is_long(self.encoder, *streams)

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        mixing = mixing or self.plain()
        return self.classify_pieces(pieces(self.encoder, *streams, mixing), mixing)


def initialise(module: nn.Module) -> None:
    """Xavier-uniform weights and zero biases (Wu et al. 2022, section 4.2).

    Our reading: with the gain of the ReLU, sqrt(2), where a convolution feeds one. Without it a
    spectrogram fades on its way through four layers, and squashing, which is quadratic in short
    vectors, leaves CNN_SeqCap nothing to learn from. What an operation scales by stays as it is.
    """
    relu = nn.init.calculate_gain("relu")
    mixed = [m for m in module.modules() if isinstance(m, MixedLayer)]
    before_relu = {id(parameter) for layer in mixed for parameter in layer.parameters()}
    for name, parameter in module.named_parameters():
        if parameter.dim() > 1:
            gain = relu if id(parameter) in before_relu else 1.0
            nn.init.xavier_uniform_(parameter, gain, generator_of(name))
        elif "bias" in name:
            nn.init.zeros_(parameter)
