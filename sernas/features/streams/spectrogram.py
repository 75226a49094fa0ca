"""Spectrograms: one channel of bins."""

from sernas.features.stream import STREAMS, Stream
from sernas.settings.features import FeatureSettings

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
    )
)
