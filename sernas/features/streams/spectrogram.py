"""Spectrograms: one channel of bins."""

from sernas.features.stream import STREAMS, Stream
from sernas.settings.features import FeatureSettings


def disk_mb(settings: FeatureSettings, seconds: float) -> float:
    """Of values in half precision."""
    return settings.n_bins * settings.frames(seconds) * 2 / 2**20


STREAMS.add(
    Stream(
        "spectrogram",
        store="features",
        kind="spectrograms",
        statistics="",
        section="features",
        made_by=FeatureSettings,
        settings=FeatureSettings,
        libraries=("numpy", "torch", "scipy", "librosa", "soundfile", "soxr", "h5py"),
        extraction="sernas.features.extract:extract",
        front_end="sernas.features.extract:front_end",
        extraction_mb=4000,
        extraction_minutes=(60, 60),
        channels=1,
        disk_mb=disk_mb,
    )
)
