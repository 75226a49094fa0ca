"""What all figures share: fonts, grid, panels, and files that are the same on each run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cycler import cycler
from matplotlib import rc_context
from matplotlib.figure import Figure

from sernas.base.files import atomic

CYCLE = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]
"""The colour-blind-safe palette of Okabe & Ito (2008), neighbours far apart."""

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "figure.titlesize": 10,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "axes.linewidth": 0.7,
    "axes.edgecolor": "0.3",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=CYCLE),
    "grid.color": "0.9",
    "grid.linewidth": 0.6,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.color": "0.3",
    "ytick.color": "0.3",
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "pdf.fonttype": 42,  # fonts that stay text in the PDF
}


def styled():
    """A context in which figures are drawn and saved in this style."""
    return rc_context(STYLE)


def legible_on(rgba: Sequence[float]) -> str:
    """The colour of text on a background, by its brightness (ITU-R BT.601)."""
    red, green, blue, _ = rgba
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else "black"


def save(figure: Figure, path: str | Path, dpi: int) -> None:
    """Write ``figure`` whole or not at all, with nothing in the file that tells the time."""
    undated = {".pdf": {"CreationDate": None}, ".png": {"Software": None}}
    with atomic(path) as temporary:
        figure.savefig(temporary, dpi=dpi, metadata=undated[Path(path).suffix])
