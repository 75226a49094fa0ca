"""A released model: from a recording to a probability of each emotion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch

from sernas.base.errors import SettingsError
from sernas.evaluation.inference import score
from sernas.features.front_end import FrontEnd, front_end
from sernas.features.moments import Moments
from sernas.folds.statistics import Statistics
from sernas.models.system import System
from sernas.release.about import About
from sernas.release.heard import Heard
from sernas.release.source import Audio, Source
from sernas.release.windows import windows

WHOLE_S = 60.0
"""A recording that lasts no longer is scored whole, as the test utterances were; a longer one in
windows of that length."""
CPU = torch.device("cpu")


class Network(NamedTuple):
    """A trained network, and the ``statistics`` that normalise each of its streams."""

    system: System
    statistics: tuple[Statistics, ...]


class Prediction(NamedTuple):
    """The likeliest ``emotion``, and the probability of each."""

    emotion: str
    probabilities: dict[str, float]


class Segment(NamedTuple):
    """``probabilities`` (classes,) between two times, ``start`` and ``end`` in seconds."""

    start: float
    end: float
    probabilities: np.ndarray


@dataclass(frozen=True, repr=False)
class ReleasedModel:
    """Networks of one system that were trained on different speakers, and whose softmax scores are
    averaged.

    Attributes:
        about: all that is said of it.
        networks: as :attr:`About.networks` has them.
        speech_model: where the speech model is, if not where it was in training.
    """

    about: About
    networks: Sequence[Network]
    speech_model: str | None = None

    def __repr__(self) -> str:
        about = self.about
        return f"<{about.name}: {about.system}, {about.strategy}; {', '.join(self.emotions)}>"

    @property
    def emotions(self) -> tuple[str, ...]:
        """The classes, in the order of all probabilities."""
        return self.about.emotions

    def predict(
        self, audio: Audio, rate: int | None = None, speaker: Sequence[Moments] | None = None
    ) -> Prediction:
        """The emotion of a recording; arguments and errors are those of :meth:`probabilities`."""
        found = self.probabilities(audio, rate, speaker).tolist()
        by_emotion = dict(zip(self.emotions, found, strict=True))
        return Prediction(max(by_emotion, key=by_emotion.get), by_emotion)

    def probabilities(
        self, audio: Audio, rate: int | None = None, speaker: Sequence[Moments] | None = None
    ) -> np.ndarray:
        """(classes,) float64, the mean over the networks of their softmax scores.

        A recording of up to :data:`WHOLE_S` seconds is scored whole, as the test utterances were;
        for a longer one it is the mean over windows of that length, so that memory is bounded.

        Args:
            audio: a file, or mono samples (N,).
            rate: of samples, in Hz.
            speaker: what :meth:`moments` says of recordings of the speaker, for models that
                normalise by these; None: of this recording itself.

        Raises:
            AudioError: the recording cannot be used.
            SettingsError: the speech model that the networks need is not at hand, or another.
        """
        source = Source(audio, rate)
        parts = self._scored(source, WHOLE_S, WHOLE_S, self.about.audio["trim_db"], speaker)
        return np.mean([part.probabilities for part in parts], axis=0)

    def segments(
        self,
        audio: Audio,
        seconds: float = 2.0,
        hop: float = 1.0,
        rate: int | None = None,
        speaker: Sequence[Moments] | None = None,
    ) -> Iterator[Segment]:
        """The probabilities of windows of ``seconds``, one each ``hop`` seconds, in bounded memory.

        The last ends with the recording. Silence at the ends is not trimmed. Other arguments and
        errors are those of :meth:`probabilities`.

        Raises:
            SettingsError: windows would leave something out, or not advance.
        """
        if not 0 < hop <= seconds:
            raise SettingsError(
                f"segments: expected a hop above 0 and at most the window's {seconds:g} s, found "
                f"{hop:g} s; change one of them"
            )
        return self._scored(Source(audio, rate), seconds, hop, None, speaker)

    def inputs_of(self, samples: np.ndarray, rate: int) -> list[np.ndarray]:
        """The frames of each stream, (T, F) or (T, L, D) float16 as stores hold them, not yet
        normalised, of mono samples (N,), however many.

        Raises:
            AudioError, SettingsError: as of :meth:`probabilities`.
        """
        source = Source(samples, rate)
        trim = self.about.audio["trim_db"]
        return [
            end(np.concatenate(list(self._blocks(source, end, trim))), source.name)
            for end in self.front_ends
        ]

    def network_inputs(
        self,
        recordings: Sequence[Sequence[np.ndarray]],
        network: Network,
        speaker: Sequence[Moments] | None = None,
    ) -> Heard:
        """What one of the networks sees of some recordings, normalised.

        Args:
            recordings: of each what :meth:`inputs_of` gives.
            speaker: as in :meth:`probabilities`.
        """
        return Heard(
            recordings,
            self.about.feature_settings,
            network.statistics,
            self.about.fold_settings,
            speaker or [None] * len(self.about.streams),
        )

    @property
    def by_speaker(self) -> bool:
        """Whether frames are normalised by all that there is of their speaker."""
        return self.about.fold_settings.normalise_speakers != "none"

    def moments(self, recordings: Iterable[Audio]) -> list[Moments] | None:
        """Of each stream, the moments of all frames of some files of one speaker; None for a model
        that does not normalise by them.

        Raises:
            AudioError, SettingsError: as of :meth:`probabilities`.
        """
        if not self.by_speaker:
            return None
        return self._moments(map(Source, recordings), self.about.audio["trim_db"])

    @cached_property
    def front_ends(self) -> list[FrontEnd]:
        """What makes the frames of each stream."""
        pairs = zip(self.about.streams, self.about.feature_settings, strict=True)
        return [front_end(stream, settings, self.speech_model) for stream, settings in pairs]

    def _moments(self, sources: Iterable[Source], trim_db: float | None) -> list[Moments]:
        every = (
            [Moments.of(frames) for frames in recording]
            for source in sources
            for _, _, recording in self._frames(source, WHOLE_S, WHOLE_S, trim_db)
        )
        return [reduce(Moments.__add__, of_stream) for of_stream in zip(*every, strict=True)]

    def _scored(
        self,
        source: Source,
        seconds: float,
        hop: float,
        trim_db: float | None,
        speaker: Sequence[Moments] | None,
    ) -> Iterator[Segment]:
        if speaker is None and self.by_speaker:
            speaker = self._moments([source], trim_db)
        at_once = max(1, int(WHOLE_S / seconds))
        every = self._frames(source, seconds, hop, trim_db)
        while some := list(islice(every, at_once)):
            starts, ends, recordings = zip(*some, strict=True)
            scores = [
                score(network.system, self.network_inputs(recordings, network, speaker), CPU)
                for network in self.networks
            ]
            mean = torch.stack(scores).double().softmax(2).mean(0).numpy()
            yield from map(Segment, starts, ends, mean)

    def _frames(
        self, source: Source, seconds: float, hop: float, trim_db: float | None
    ) -> Iterator[tuple[float, float, list[np.ndarray]]]:
        """Start and end in seconds of each window, and the frames of each stream."""
        ends = self.front_ends
        cut = [
            windows(
                self._blocks(source, end, trim_db),
                round(seconds * end.sample_rate),
                round(hop * end.sample_rate),
            )
            for end in ends
        ]
        # streams of different rates may round the length of a recording to one window more
        for of_streams in zip(*cut, strict=False):
            first, samples = of_streams[0]
            rate = ends[0].sample_rate
            frames = [
                end(part, source.name) for end, (_, part) in zip(ends, of_streams, strict=True)
            ]
            yield first / rate, (first + len(samples)) / rate, frames

    def _blocks(self, source: Source, end: FrontEnd, trim_db: float | None) -> Iterator[np.ndarray]:
        return source.blocks(end.sample_rate, self.about.audio["silence_db"], trim_db)
