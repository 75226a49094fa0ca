"""Networks by name: the supernet, a plain network, or the paper's own."""

from __future__ import annotations

from sernas.base.errors import SettingsError
from sernas.base.registry import load
from sernas.features.stream import STREAMS
from sernas.models.beside import Beside
from sernas.models.system import Inputs, System
from sernas.settings.space import SpaceSettings
from sernas.space.choices import Architecture, SearchSpace
from sernas.systems.card import SYSTEMS, baseline_beside, search_space

N_EMOTIONS = 4


def build_supernet(
    name: str,
    *,
    n_bins: int | None = None,
    inputs: Inputs | None = None,
    n_classes: int = N_EMOTIONS,
    settings: SpaceSettings | None = None,
) -> System:
    """The network of system ``name`` that holds every candidate of its search space.

    Args:
        n_bins: as in :func:`build_system`, like all others.

    Raises:
        SettingsError: an unknown system, or inputs that it cannot take.
    """
    settings = settings or SpaceSettings()
    space = search_space(name, settings)
    return network_over(name, space, _sizes(name, n_bins, inputs), n_classes, settings)


def build_system(
    name: str,
    *,
    n_bins: int | None = None,
    inputs: Inputs | None = None,
    architecture: Architecture | None = None,
    n_classes: int = N_EMOTIONS,
    settings: SpaceSettings | None = None,
) -> System:
    """The plain network of system ``name``: inputs, (B, 1, F, T) spectrograms for instance, to
    (B, classes) scores.

    Args:
        name: "cnn_rnn_att", "darts_cnn_lstm_c4_l1", or another of the registry.
        n_bins: rows F of the spectrogram, for a system that takes nothing else.
        inputs: (channels, bins) of each input; in place of ``n_bins``, for any system.
        architecture: an operation for each layer; None: the hand-made architecture, which the
            systems of Rajapakshe et al. 2023 that have cells do not have.
        n_classes: number of emotions.
        settings: the readings of the search space.

    Raises:
        SettingsError: an unknown system, an architecture that its space does not hold or does not
            have, or inputs that it cannot take, such as fewer bins than its pooling needs.
    """
    settings = settings or SpaceSettings()
    space = search_space(name, settings)
    plain = space.only(space.baseline if architecture is None else architecture)
    sizes = _sizes(name, n_bins, inputs)
    network = network_over(name, plain, sizes, n_classes, settings)
    if (baseline := baseline_beside(name, settings)) is None:
        return network
    card = SYSTEMS[baseline]
    stream = SYSTEMS[name].streams.index(*card.streams)
    linear = network_over(baseline, card.space(settings), (sizes[stream],), n_classes, settings)
    return Beside(network, linear, stream)


def network_over(
    name: str, space: SearchSpace, inputs: Inputs, n_classes: int, settings: SpaceSettings
) -> System:
    """The network of system ``name`` over ``space``, which may be another than its own."""
    card = SYSTEMS[name]
    return load(card.network)(space, inputs, n_classes, settings, **card.arguments)


def _sizes(name: str, n_bins: int | None, inputs: Inputs | None) -> Inputs:
    if (n_bins is None) == (inputs is None):
        raise TypeError("give either n_bins or inputs")
    expected = SYSTEMS[name].streams
    found = ((1, n_bins),) if inputs is None else inputs
    if len(found) != len(expected):
        raise SettingsError(
            f"{name} takes {' and '.join(expected)}; expected (channels, bins) of each, "
            f"found {found}"
        )
    for stream, (channels, bins) in zip(expected, found, strict=True):
        if channels != (STREAMS[stream].channels or channels):
            raise SettingsError(
                f"{name} takes spectrograms of one channel, found {channels} of {bins} values; "
                "give it a store of spectrograms"
            )
    return found
