"""The table's intervals, and how figures look."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.settings.key import COLOUR, key


@dataclass(frozen=True)
class EvaluationSettings:
    """Intervals of the pooled UA and of differences."""

    bootstrap: int = key(
        2000,
        "draws of test speakers for the intervals of the UA and of differences",
        more="With one seed folds are drawn; for tau, architectures and runs",
        least=100,
        most=100000,
        redoes="table",
    )
    confidence: float = key(
        0.95,
        "of the intervals; p below what it leaves of 1 is no noise",
        above=0,
        below=1,
        redoes="table",
    )


@dataclass(frozen=True)
class FigureSettings:
    """How the figures look. Nothing but figures depends on it."""

    system: str = key("cnn_seqcap", "shown in Fig. 3", values="systems", redoes="figures")
    dpi: int = key(200, "of pictures", least=50, most=1200, redoes="figures")
    colours: dict[str, str] = key(
        {"joint": "#0072B2", "sampling": "#E69F00", "dropout": "#009E73"},
        "of the strategies' curves",
        form=COLOUR,
        redoes="figures",
    )
