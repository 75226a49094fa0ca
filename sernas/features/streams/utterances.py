"""Functionals of whole utterances that openSMILE makes: one frame of values each."""

from sernas.features.stream import STREAMS, Stream
from sernas.settings.features import FunctionalSettings

STREAMS.add(
    Stream(
        "egemaps",
        store="egemaps",
        kind="functionals",
        statistics="_egemaps",
        section=None,
        made_by=FunctionalSettings,
        settings=FunctionalSettings,
        libraries=("numpy", "opensmile", "soundfile", "soxr", "h5py"),
        extra=("opensmile", "egemaps"),
        extraction="sernas.features.egemaps:extract_egemaps",
        front_end="sernas.features.egemaps:front_end",
        extraction_mb=4000,
        extraction_minutes=(60, 60),
        channels=1,
    )
)
