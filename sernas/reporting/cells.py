"""The cells of a genotype as graphs, as papers on DARTS draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve

from sernas.experiments.experiment import display_name
from sernas.reporting.cell_layout import Arrow, Layout, lay_out
from sernas.reporting.result_files import read_summaries
from sernas.reporting.style import save, styled
from sernas.settings.reporting import FigureSettings
from sernas.space.cells import INPUTS, NODES, NONE, edges_of, kinds_of
from sernas.space.choices import Architecture

NAMES = ("$c_{k-2}$", "$c_{k-1}$", *(str(node - INPUTS) for node in NODES))
OUTPUT = "$c_k$"
FILLS = {NAMES[0]: "#CDE9DF", NAMES[1]: "#CDE9DF", OUTPUT: "#F9E5BF"}
FILL = "#CFE3F1"

# inches
NODE, LABEL, GAP = 0.44, 0.98, 0.4  # widths of the columns, and what is between them
BOX, ROW = 0.22, 0.28  # heights, of a node and from one place of a column to the next
MARGIN, TITLE = 0.15, 0.2  # the latter a line's height


def drawn_arrows(architecture: Architecture) -> dict[str, list[Arrow]]:
    """What is drawn of each cell: its edges that are not none, labelled, and those to its output.

    Nodes are called c_{k-2}, c_{k-1}, 0 to 3 and c_k.
    """
    drawn = {}
    for kind in kinds_of(architecture):
        chosen = [(edge, architecture[edge.layer]) for edge in edges_of(kind)]
        drawn[kind] = [
            *(Arrow(NAMES[e.source], NAMES[e.target], name) for e, name in chosen if name != NONE),
            *(Arrow(NAMES[node], OUTPUT, "") for node in NODES),
        ]
    return drawn


def draw_folds(
    summaries: Iterable[str | Path], pictures: Sequence[str | Path], settings: FigureSettings
) -> None:
    """Draw the cells that each run ended with.

    Args:
        summaries: what training says of each run's network; see :func:`read_summaries`.
        pictures: a file a run.
    """
    for run, out in zip(read_summaries(summaries), pictures, strict=True):
        chosen = f"{run['strategy']}, seed {run['seed']}, fold {run['fold']}"
        title = f"{display_name(run['system'])}\n{chosen}"
        draw_cells(run["architecture"], title, out, settings)


def draw_cells(
    architecture: Architecture,
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw the cells of a genotype, one above the other.

    Args:
        title: what they are of; stands above all, line by line as it is.
    """
    layouts = {kind: lay_out(arrows) for kind, arrows in drawn_arrows(architecture).items()}
    sizes = [size_of(layout) for layout in layouts.values()]
    width, heights = max(w for w, _ in sizes), [h for _, h in sizes]
    above = MARGIN + TITLE * (1 + title.count("\n"))
    whole = sum(heights) + above
    with styled():
        figure = Figure(figsize=(width, whole))
        figure.suptitle(title, y=1 - MARGIN / whole, va="top")
        top = whole - above
        for (kind, layout), height in zip(layouts.items(), heights, strict=True):
            top -= height
            axes = figure.add_axes((0, top / whole, 1, height / whole))
            axes.set(xlim=(0, width), ylim=(0, height))
            axes.axis("off")
            draw_cell(axes, layout)
            axes.text(MARGIN, height - MARGIN, f"{kind} cell", va="top")
        save(figure, out_png, settings.dpi)


def columns_of(layout: Layout) -> list[tuple[float, float]]:
    """Middle and width of each column, in inches from the left edge of the first."""
    widths = {p.column: NODE if p.arrow < 0 else LABEL for p in layout.heights if p.name}
    columns, left = [], 0.0
    for column in range(len(widths)):
        columns.append((left + widths[column] / 2, widths[column]))
        left += widths[column] + GAP
    return columns


def size_of(layout: Layout) -> tuple[float, float]:
    """Width and height of a cell's picture with its margins and its title, in inches."""
    heights, (last, width) = layout.heights.values(), columns_of(layout)[-1]
    rows = max(heights) - min(heights) + 1
    return last + width / 2 + 2 * MARGIN, ROW * rows + TITLE + 3 * MARGIN


def draw_cell(axes: Axes, layout: Layout) -> None:
    """Draw into the lower left of axes whose unit is the inch."""
    columns, lowest = columns_of(layout), min(layout.heights.values()) - 0.5
    at = {
        place: (MARGIN + columns[place.column][0], MARGIN + ROW * (height - lowest))
        for place, height in layout.heights.items()
    }
    for route in layout.routes:
        axes.add_patch(
            FancyArrowPatch(
                path=curve([(*at[place], columns[place.column][1]) for place in route]),
                arrowstyle="-|>",
                mutation_scale=7,
                color="0.35",
                linewidth=0.9,
                zorder=1,
            )
        )
    for place, middle in at.items():
        if place.arrow < 0:
            draw_node(axes, middle, place.name)
        elif place.name:
            draw_label(axes, middle, place.name)


def draw_node(axes: Axes, middle: tuple[float, float], name: str) -> None:
    """A box with the node's name."""
    x, y = middle
    axes.add_patch(
        FancyBboxPatch(
            (x - NODE / 2, y - BOX / 2),
            NODE,
            BOX,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=FILLS.get(name, FILL),
            edgecolor="0.35",
            linewidth=0.9,
            zorder=2,
        )
    )
    axes.text(x, y, name, ha="center", va="center", zorder=3)


def draw_label(axes: Axes, middle: tuple[float, float], label: str) -> None:
    """The label of an edge, in a gap of its line."""
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    axes.text(*middle, label, ha="center", va="center", fontsize=8, zorder=3, bbox=white)


def curve(stops: list[tuple[float, float, float]]) -> Curve:
    """An edge's line: level through the columns, turning in the gaps between them.

    Args:
        stops: x, y and width of each place that it goes through.
    """
    points, codes = [], []
    for (xa, ya, wide_a), (xb, yb, wide_b) in pairwise(stops):
        start, end = xa + wide_a / 2, xb - wide_b / 2
        turn = (start + end) / 2
        points += [(start, ya), (turn, ya), (turn, yb), (end, yb)]
        codes += [Curve.LINETO if codes else Curve.MOVETO, *[Curve.CURVE4] * 3]
    return Curve(points, codes)
