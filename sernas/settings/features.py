"""Spectrograms, and a speech model's hidden states."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sernas.base.errors import SettingsError
from sernas.settings.key import PATH, key

TINY_MODEL = "resources/tiny_speech_model"
"""Where the speech model of the demo is made, by its name in the configuration."""


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

    sample_rate: int = key(
        16000,
        "audio of other rates is resampled",
        unit="Hz",
        least=1000,
        most=192000,
        redoes="features",
    )
    window_ms: float = key(
        40, "how long a frame's window is", unit="ms", least=1, most=1000, redoes="features"
    )
    hop_ms: float = key(25, "step between frames", unit="ms", least=1, most=1000, redoes="features")
    n_fft: int = key(
        1024,
        "points of the DFT",
        more='The paper\'s "16k" is read as 16384',
        least=2,
        most=1048576,
        redoes="features",
    )
    f_min: float = key(0, "lower edge of the band, kept", unit="Hz", least=0, redoes="features")
    f_max: float = key(
        8000,
        "upper edge, not kept",
        more="4000 of 16384 points at 16 kHz gives 4096 bins",
        unit="Hz",
        above=0,
        redoes="features",
    )
    n_mels: int | None = key(
        32,
        "mel filters over the band; `null`: the DFT bins themselves, at least 32",
        least=32,
        most=1024,
        redoes="features",
    )
    scale: str = key("log", "magnitude", values={"log": "", "linear": ""}, redoes="features")
    log_floor: float = key(
        1e-4,
        "smallest magnitude before the log; 16-bit rounding noise is about this large",
        least=1e-30,
        most=1,
        redoes="features",
    )
    # stores that were made before it do not name it, nor the next
    n_mfcc: int | None = key(
        None,
        "first cepstral coefficients (MFCC) of the log mel spectrum; `null`: the spectrum itself",
        more="At most `n_mels`; needs `scale: log`",
        least=32,
        most=1024,
        redoes="features",
    )
    window: str = key(
        "hann",
        "what a frame's samples are weighted by",
        values={"hann": "", "hamming": ""},
        redoes="features",
    )

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
    """Which speech model frames are embedded by, and how much of a corpus at once."""

    model: str | None = key(
        TINY_MODEL,
        "speech model: a name on the Hugging Face hub, such as facebook/wav2vec2-base, or a folder "
        "that `save_pretrained` wrote; `resources/tiny_speech_model` is made by the workflow, has "
        "random weights and knows no speech; `null`: none, and systems that take one are left out",
        more="The systems `deep` and `two_stream_*` take its hidden states (wav2vec 2.0, HuBERT, "
        "WavLM, data2vec-audio, UniSpeech, UniSpeech-SAT, the encoder of Whisper). Needs "
        "`pip install -e '.[deep]'`. Whisper's layers attend to an utterance's own "
        "ceil(samples / 320) steps alone, not to the silence that pads it to 30 s; longer audio is "
        "taken in windows of 30 s, each alone",
        form=PATH,
        redoes="embeddings",
    )
    batch_s: float = key(
        60,
        "audio in a batch, padding included; a longer utterance goes alone",
        more="A second takes some 16 MB of memory with wav2vec 2.0 or HuBERT of base size; with "
        "WavLM an utterance takes more than that if it is long, 7 GB for 2 minutes",
        unit="s",
        above=0,
        redoes="embeddings",
    )
    layers: tuple[int, ...] = key(
        (),
        "layers whose hidden states are kept, 0 being the input of the first; negative numbers "
        "count from the last; none: all",
        distinct=True,
        redoes="embeddings",
    )
    step_ms: float | None = key(
        None,
        "step between the frames that are kept, a multiple of the model's, of which as many are "
        "averaged; `null`: the model's, mostly 20",
        unit="ms",
        above=0,
        redoes="embeddings",
    )


@dataclass(frozen=True)
class EmbeddingSettings(FramesOverTime):
    """Hidden states of a speech model, as a store holds them.

    Attributes:
        model: its name or folder, as the configuration has it.
        checksum: of its weights and settings; models that differ have others.
        sample_rate: of the audio that it takes, in Hz.
        hop: samples from frame to frame.
        n_layers: hidden states of a frame.
        n_bins: values of a hidden state.
        layers: which they are: 0 is the input of the first layer, 1 its output; in stores that were
            made before it, which do not name it, all.
    """

    model: str
    checksum: str
    sample_rate: int
    hop: int
    n_layers: int
    n_bins: int
    layers: tuple[int, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "layers", tuple(self.layers))

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
class FunctionalSettings(FramesOverTime):
    """openSMILE's functionals of whole utterances, each a frame of its own, hence without a hop."""

    feature_set: str = "eGeMAPSv02"
    sample_rate: int = 16000
    n_bins: int = 88

    @property
    def channels(self) -> int:
        """Functionals of a frame are one spectrum to a network."""
        return 1

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """What a frame is stored as: (F,)."""
        return (self.n_bins,)
