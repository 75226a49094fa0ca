"""The cells of a genotype as graphs, as papers on DARTS draw them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve

from sernas.reporting.layered import Arrow, Layout, lay_out
from sernas.reporting.style import save, styled
from sernas.settings.reporting import FigureSettings
from sernas.space.cells import INPUTS, NODES, NONE, edges_of, kinds_of
from sernas.space.choices import Architecture

NAMES = ("$c_{k-2}$", "$c_{k-1}$", *(str(node - INPUTS) for node in NODES))
OUTPUT = "$c_k$"
FILLS = {NAMES[0]: "#CDE9DF", NAMES[1]: "#CDE9DF", OUTPUT: "#F9E5BF"}
FILL = "#CFE3F1"

# inches
NODE, LABEL, GAP = 0.44, 0.98, 0.34  # widths of the columns, and what is between them
BOX = 0.28
ROOM = {"node": 0.4, "label": 0.25, "pass": 0.17}
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
    layouts = {kind: lay_out(arrows, ROOM) for kind, arrows in drawn_arrows(architecture).items()}
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
    columns, left = [], 0.0
    for column in range(1 + max(place.column for place in layout.heights)):
        labelled = any(place.name for place in layout.heights if place.column == column)
        width = (LABEL if column % 2 else NODE) * labelled
        columns.append((left + width / 2, width))
        left += width + GAP
    return columns


def size_of(layout: Layout) -> tuple[float, float]:
    """Width and height of a cell's picture with its margins and its title, in inches."""
    heights, (last, width) = layout.heights.values(), columns_of(layout)[-1]
    return (
        last + width / 2 + 2 * MARGIN,
        max(heights) - min(heights) + ROOM["node"] + TITLE + 2 * MARGIN,
    )


def draw_cell(axes: Axes, layout: Layout) -> None:
    """Draw into the lower left of axes whose unit is the inch."""
    columns, lowest = columns_of(layout), MARGIN + ROOM["node"] / 2 - min(layout.heights.values())
    at = {p: (MARGIN + columns[p.column][0], lowest + h) for p, h in layout.heights.items()}
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
    for place, (x, y) in at.items():
        if place.arrow < 0:
            axes.add_patch(
                FancyBboxPatch(
                    (x - NODE / 2, y - BOX / 2),
                    NODE,
                    BOX,
                    boxstyle="round,pad=0,rounding_size=0.06",
                    facecolor=FILLS.get(place.name, FILL),
                    edgecolor="0.35",
                    linewidth=0.9,
                    zorder=2,
                )
            )
            axes.text(x, y, place.name, ha="center", va="center", zorder=3)
        elif place.name:
            axes.text(
                x,
                y,
                place.name,
                ha="center",
                va="center",
                fontsize=8,
                zorder=3,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )


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
