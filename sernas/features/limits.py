"""How small a spectrogram may be, and how much of a batch is taken at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sernas.base.errors import AudioError

if TYPE_CHECKING:
    from sernas.settings.features import FeatureSettings

LEAST_BINS = 32
LEAST_FRAMES = 4
"""Of which the pooling of the networks leaves one step."""

MOST_AT_ONCE = 2**22
"""Values of the input of a part of a batch, on the CPU: five of the paper's segments, for which its
CNN keeps 1 GB. Smaller batches are whole."""


def require_window(name: str, samples: int, settings: FeatureSettings) -> None:
    """Raise :class:`AudioError` if audio of so many samples is shorter than a window."""
    if samples < settings.window_length:
        raise AudioError(
            f"{name}: expected at least one window of {settings.window_length} samples "
            f"({settings.window_ms:g} ms) at {settings.sample_rate} Hz, found {samples}; leave the "
            "clip out"
        )


def require_frames(name: str, samples: int, settings: FeatureSettings) -> None:
    """Raise :class:`AudioError` if it has no window, or fewer than ``LEAST_FRAMES`` frames."""
    require_window(name, samples, settings)
    if (frames := 1 + samples // settings.hop) < LEAST_FRAMES:
        raise too_short(name, frames, samples)


def too_short(name: str, frames: int, samples: int) -> AudioError:
    """The error of a clip with fewer than ``LEAST_FRAMES`` frames."""
    return AudioError(
        f"{name}: expected {LEAST_FRAMES} frames or more, found {frames} ({samples} samples); "
        "leave the clip out"
    )
