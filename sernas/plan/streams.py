"""Which kinds of frames a table needs, and what they are called and said of."""

from __future__ import annotations

from collections.abc import Iterable

from sernas.features.stream import STREAMS
from sernas.plan.configuration import Settings
from sernas.systems.card import SYSTEMS

OF_SPEAKERS = {"none": "", "mean": "mean", "mean_std": "mean and deviation"}


def streams_of(systems: Iterable[str]) -> list[str]:
    """The streams that some systems take, in the order of all streams."""
    taken = {stream for system in systems for stream in SYSTEMS[system].streams}
    return [stream for stream in STREAMS if stream in taken]


def caption(note: str, used: Iterable[str], settings: Settings) -> str:
    """What the caption of a table says of the paper, of its streams and their normalisation."""
    cards = [STREAMS[stream] for stream in used]
    said = [card.caption(card.settings_in(settings)) for card in cards]
    if own := OF_SPEAKERS[settings.folds.normalise_speakers]:
        said.append(
            f"Frames are normalised by each speaker's own {own}, of test speakers too, without "
            "labels (folds.normalise_speakers)."
        )
    if own := [system for system in settings.systems if _is_trained_otherwise(system, settings)]:
        said.append(f"Trained by settings of their own (by_system): {_titles(own)}.")
    if own := [each for each in settings.systems if settings.of(each).training.on_both]:
        said.append(
            "Trained on validation speakers too, once they had chosen (training.speakers): "
            f"{_titles(own)}."
        )
    if settings.left_out:
        titles = _titles(settings.left_out)
        said.append(f"Not in the table, since embeddings.model names no speech model: {titles}.")
    return " ".join(filter(None, [note, *said]))


def _is_trained_otherwise(system: str, settings: Settings) -> bool:
    own = settings.of(system)
    return (own.training, own.optimisation) != (settings.training, settings.optimisation)


def _titles(systems: Iterable[str]) -> str:
    return ", ".join(SYSTEMS[system].title for system in systems)
