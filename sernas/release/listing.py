"""The released models that there are in a folder."""

from __future__ import annotations

from pathlib import Path

from sernas.base.errors import SernasError
from sernas.experiments.experiment import display_name
from sernas.release.about import CONFIG, TENSORS, read_about


def released_models(folder: str | Path) -> list[dict[str, str]]:
    """A row a model, by its place: ``model``, ``system``, ``strategy``, ``emotions``, ``UA`` in
    percent with its interval, ``corpus``, ``networks`` and ``MB``.

    Raises:
        SernasError: there is none, or one cannot be read.
    """
    places = sorted(path.parent for path in Path(folder).rglob(TENSORS))
    if rows := [_row(place) for place in places if (place / CONFIG).is_file()]:
        return rows
    raise SernasError(
        f"{folder}: expected released models in it or in its folders, found none; a run of the "
        "workflow ends with results/models/best"
    )


def _row(folder: Path) -> dict[str, str]:
    about = read_about(folder / CONFIG)
    return {
        "model": str(folder),
        "system": display_name(about.system),
        "strategy": about.strategy,
        "emotions": ", ".join(about.emotions),
        "UA": about.ua,
        "corpus": about.corpus["name"],
        "networks": str(len(about.networks)),
        "MB": f"{(folder / TENSORS).stat().st_size / 1e6:.1f}",
    }
