"""The settings of every stage: frozen dataclasses, built in one place from the configuration.

The configuration's types and ranges are checked against ``workflow/schemas/config.schema.yaml``
(see :mod:`sernas.config`); what concerns several keys at once is checked here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sernas.errors import SettingsError


@dataclass(frozen=True)
class CorpusSettings:
    """Where the corpus is and what of it is used."""

    name: str
    root: str
    emotions: tuple[str, ...]
    manifest: str = "manifest.csv"
    on_bad_audio: str = "exclude"


@dataclass(frozen=True)
class DemoSettings:
    """How much synthetic speech the demo corpus holds, and how hard it is."""

    utterances_per_emotion: int
    seconds: tuple[float, float]
    difficulty: float
    seed: int


class FramesOverTime:
    """What has frames of ``channels`` x ``n_bins`` values, ``hop_ms`` milliseconds apart."""

    @property
    def size(self) -> tuple[int, int]:
        """(channels, bins) of what a network takes."""
        return self.channels, self.n_bins

    def frames(self, seconds: float) -> int:
        """Frames in ``seconds``, to the nearest."""
        return round(seconds * 1000 / self.hop_ms)


@dataclass(frozen=True)
class FeatureSettings(FramesOverTime):
    """A magnitude spectrogram: ``n_fft`` points, of which ``f_min <= f < f_max`` (Hz) is kept.

    With ``n_mels`` the band is summed into that many mel filters instead, and with ``n_mfcc`` the
    first so many cepstral coefficients of these are taken.
    """

    sample_rate: int
    window_ms: float
    hop_ms: float
    n_fft: int
    f_min: float
    f_max: float
    n_mels: int | None
    scale: str
    log_floor: float
    n_mfcc: int | None = None  # stores that were made before it do not name it, nor the next
    window: str = "hann"  # or "hamming"

    def __post_init__(self):
        if self.n_fft < (length := self.window_length):
            raise SettingsError(
                f"features.n_fft is {self.n_fft} but the window of {self.window_ms} ms has "
                f"{length} samples at {self.sample_rate} Hz; set it to {length} or more"
            )
        if not 0 <= self.f_min < self.f_max <= self.sample_rate / 2:
            raise SettingsError(
                f"features: the band f_min={self.f_min} to f_max={self.f_max} Hz must increase "
                f"and lie within 0 to {self.sample_rate / 2} Hz (half of features.sample_rate)"
            )
        if self.n_mfcc and not (self.scale == "log" and self.n_mfcc <= (self.n_mels or 0)):
            filters = "null" if self.n_mels is None else self.n_mels
            raise SettingsError(
                f"features.n_mfcc is {self.n_mfcc}, which takes logarithms of as many mel filters "
                f"or more, found features.n_mels {filters} and features.scale {self.scale}; set "
                f"n_mels to {self.n_mfcc} or more and scale to log, or n_mfcc to null"
            )

    @property
    def window_length(self) -> int:
        """Window length in samples."""
        return round(self.sample_rate * self.window_ms / 1000)

    @property
    def hop(self) -> int:
        """Hop in samples."""
        return round(self.sample_rate * self.hop_ms / 1000)

    @property
    def band(self) -> slice:
        """The DFT bins with ``f_min <= f < f_max``."""
        width = self.sample_rate / self.n_fft
        return slice(math.ceil(self.f_min / width), math.ceil(self.f_max / width))

    @property
    def n_bins(self) -> int:
        """Values of a frame: cepstral coefficients, mel filters, or DFT bins of the band."""
        return self.n_mfcc or self.n_mels or self.band.stop - self.band.start

    @property
    def channels(self) -> int:
        """Spectra of a frame."""
        return 1

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """What a frame is stored as: (F,)."""
        return (self.n_bins,)


@dataclass(frozen=True)
class SpeechModelSettings:
    """Which speech model frames are embedded by, and how much of a corpus at once.

    Attributes:
        model: name on the Hugging Face hub, or a folder that ``save_pretrained`` wrote.
        batch_s: seconds of audio in a batch, padding included; a longer utterance goes alone.
    """

    model: str
    batch_s: float


@dataclass(frozen=True)
class EmbeddingSettings(FramesOverTime):
    """All hidden states of a speech model, as a store holds them.

    Attributes:
        model: its name or folder, as the configuration has it.
        checksum: of its weights and settings; models that differ have others.
        sample_rate: of the audio that it takes, in Hz.
        hop: samples from frame to frame.
        n_layers: hidden states of a frame: the input of its first layer, and each layer's output.
        n_bins: values of a hidden state.
    """

    model: str
    checksum: str
    sample_rate: int
    hop: int
    n_layers: int
    n_bins: int

    @property
    def hop_ms(self) -> float:
        """Hop in milliseconds."""
        return 1000 * self.hop / self.sample_rate

    @property
    def channels(self) -> int:
        """Layers, which networks take as channels."""
        return self.n_layers

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """What a frame is stored as: (L, D)."""
        return (self.n_layers, self.n_bins)


@dataclass(frozen=True)
class FoldSettings:
    """Who trains, validates and tests, and how utterances are cut for training."""

    scheme: str
    count: int
    validation: str
    validation_speakers: int
    segment_s: float
    overlap_s: float
    normalise: str
    seed: int

    def __post_init__(self):
        if self.overlap_s >= self.segment_s:
            raise SettingsError(
                f"folds.overlap_s is {self.overlap_s} s, which must be less than "
                f"folds.segment_s, {self.segment_s} s"
            )

    @property
    def numbers(self) -> range:
        """The folds' numbers, from 1; swapping both speakers of a session doubles them."""
        both = self.scheme == "session" and self.validation == "both"
        return range(1, self.count * (2 if both else 1) + 1)


@dataclass(frozen=True)
class SpaceSettings:
    """Readings of the search space (Table 1 of Wu et al. 2022)."""

    conv2d_2: str = "transposed"
    relu: str = "mixture"


@dataclass(frozen=True)
class OptimisationSettings:
    """How weights are trained, of supernets and networks (section 4.2 of Wu et al. 2022).

    Attributes:
        clip: greatest norm of a step's gradient; None: any.
    """

    batch_size: int
    learning_rates: tuple[float, ...]
    hold_epochs: int
    schedule: str
    loss_factor: float
    step_epochs: int
    precision: str = "float32"
    retries: int = 0
    retry_factor: float = 0.1
    optimizer: str = "adam"
    weight_decay: float = 0.0
    clip: float | None = None


@dataclass(frozen=True)
class TrainingSettings:
    """How long an architecture is trained."""

    epochs: int


@dataclass(frozen=True)
class SearchSettings:
    """How an architecture is chosen (section 2 of Wu et al. 2022).

    Attributes:
        stop_at_skips: a search of cells ends when its normal or its deep cell would have so many
            skip connections; None: it does not.
    """

    epochs: int
    architecture_epochs: int
    architecture_learning_rate: float
    bilevel: str
    masked: int
    architecture_betas: tuple[float, float] = (0.9, 0.999)
    architecture_weight_decay: float = 0.0
    stop_at_skips: int | None = None


@dataclass(frozen=True)
class EvaluationSettings:
    """Bootstrap interval of the pooled UA."""

    bootstrap: int
    confidence: float


@dataclass(frozen=True)
class FigureSettings:
    """How the figures look. Nothing but figures depends on it."""

    system: str
    dpi: int
    colours: dict[str, str]
