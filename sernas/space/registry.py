"""The search spaces by the name of their system. Light: torch is not imported."""

from __future__ import annotations

from collections.abc import Callable

from sernas.base.errors import SettingsError
from sernas.settings.space import SpaceSettings
from sernas.space import rajapakshe2023, sun2022, wu2022
from sernas.space.choices import SearchSpace

SPACES: dict[str, Callable[[SpaceSettings], SearchSpace]] = {
    "cnn_rnn_att": wu2022.cnn_rnn_att,
    "cnn_seqcap": wu2022.cnn_seqcap,
    **dict.fromkeys(rajapakshe2023.SEARCHED, rajapakshe2023.searched),
    **dict.fromkeys(rajapakshe2023.HAND_MADE, rajapakshe2023.hand_made),
    **sun2022.SPACES,
}


def search_space(system: str, settings: SpaceSettings | None = None) -> SearchSpace:
    """The search space of ``system``.

    Raises:
        SettingsError: no such system, or candidates that it cannot have.
    """
    _require(system)
    settings = settings or SpaceSettings()
    return SPACES[system](settings).with_candidates(settings.candidates)


def streams(system: str) -> tuple[str, ...]:
    """What ``system`` takes, in the order of its inputs: "spectrogram", "embeddings", or both.

    Raises:
        SettingsError: no such system.
    """
    _require(system)
    return sun2022.STREAMS.get(system, (sun2022.SPECTROGRAM,))


def _require(system: str) -> None:
    if system not in SPACES:
        raise SettingsError(f"no system is called {system!r}; choose one of {', '.join(SPACES)}")
