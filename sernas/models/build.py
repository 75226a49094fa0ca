"""Networks by name: the supernet, a plain network, or the paper's own."""

from __future__ import annotations

from sernas.models import cnn_rnn_att, cnn_seqcap, rajapakshe2023  # noqa: F401  registers the systems
from sernas.models.registry import SYSTEMS
from sernas.models.system import System
from sernas.settings import SpaceSettings
from sernas.space.choices import Architecture
from sernas.space.registry import search_space

N_EMOTIONS = 4


def build_supernet(
    name: str, *, n_bins: int, n_classes: int = N_EMOTIONS, settings: SpaceSettings | None = None
) -> System:
    """The network of system ``name`` that holds every candidate of its search space.

    Raises:
        SettingsError: an unknown system, or fewer bins than its pooling needs.
    """
    settings = settings or SpaceSettings()
    return SYSTEMS[name](search_space(name, settings), n_bins, n_classes, settings)


def build_system(
    name: str,
    *,
    n_bins: int,
    architecture: Architecture | None = None,
    n_classes: int = N_EMOTIONS,
    settings: SpaceSettings | None = None,
) -> System:
    """The plain network of system ``name``: (B, 1, F, T) spectrograms to (B, classes) scores.

    Args:
        name: "cnn_rnn_att", "darts_cnn_lstm_c4_l1", or another of the registry.
        n_bins: rows F of the spectrogram.
        architecture: an operation for each layer; None: the paper's hand-made architecture,
            which cells do not have.
        n_classes: number of emotions.
        settings: the readings of the search space.

    Raises:
        SettingsError: an unknown system, an architecture that its space does not hold or does not
            have, or fewer bins than its pooling needs.
    """
    settings = settings or SpaceSettings()
    space = search_space(name, settings)
    plain = space.only(space.baseline if architecture is None else architecture)
    return SYSTEMS[name](plain, n_bins, n_classes, settings)
