"""Spectrograms, and a speech model's hidden states."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sernas.base.errors import SettingsError


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
