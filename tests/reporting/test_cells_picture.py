import json
import random
from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.transforms import Bbox

from sernas.experiments.experiment import EXPERIMENTS, display_name
from sernas.reporting.cells import draw_cells, drawn_arrows
from sernas.search.strategy import STRATEGIES
from sernas.space.cells import cell_space, edges_of

SPACE, DEEP = cell_space(), cell_space(("deep",))
KINDS = ("normal", "reduction")
NAMES = ["$c_{k-2}$", "$c_{k-1}$", "0", "1", "2", "3"]


def genotype(*sources, operation="max_pool_3x3"):
    """One whose four nodes, in both cells, have edges from the given pairs of nodes."""
    chosen = dict.fromkeys(SPACE.layers, "none")
    for kind in KINDS:
        for node, pair in enumerate(sources, 2):
            chosen |= {f"{kind}_{node}_{source}": operation for source in pair}
    return chosen


def kinds_in(architecture):
    return [kind for kind in (*KINDS, "deep") if f"{kind}_2_0" in architecture]


GENOTYPES = {
    **{f"seed {seed}": SPACE.draw(random.Random(seed)) for seed in range(10)},
    **{f"deep, seed {seed}": DEEP.draw(random.Random(seed)) for seed in range(4)},
    "side by side": genotype((0, 1), (0, 1), (0, 1), (0, 1)),
    "a chain": genotype((0, 1), (1, 2), (2, 3), (3, 4)),
    "from the first": genotype((0, 1), (0, 2), (0, 3), (0, 4), operation="skip_connect"),
}


@pytest.mark.parametrize("architecture", GENOTYPES.values(), ids=GENOTYPES)
def test_what_is_drawn_are_the_edges_of_the_json(architecture):
    architecture = json.loads(json.dumps(architecture))
    arrows = drawn_arrows(architecture)
    kinds = kinds_in(architecture)
    assert list(arrows) == kinds
    for kind in kinds:
        back = {edge.layer: "none" for edge in edges_of(kind)}
        to_output = [arrow.source for arrow in arrows[kind] if arrow.target == "$c_k$"]
        for source, target, label in arrows[kind]:
            if target != "$c_k$":
                back[f"{kind}_{NAMES.index(target)}_{NAMES.index(source)}"] = label
        assert back == {n: o for n, o in architecture.items() if n.startswith(kind)}
        assert to_output == NAMES[2:]
        assert len(arrows[kind]) == 8 + 4


def seen(axes):
    """The texts and the nodes' boxes with where they lie, and points of the lines, in pixels."""
    texts = [(t.get_text(), t.get_window_extent()) for t in axes.texts]
    boxes = [p.get_window_extent() for p in axes.patches if isinstance(p, FancyBboxPatch)]
    lines = []
    for patch in axes.patches:
        if isinstance(patch, FancyArrowPatch):
            path = patch.get_path().transformed(axes.transData)
            lines.append(
                [
                    a + (b - a) * share
                    for polygon in path.to_polygons(closed_only=False)
                    for a, b in pairwise(polygon)
                    for share in np.linspace(0, 1, 20)
                ]
            )
    return texts, boxes, lines


def overlap(a, b):
    both = Bbox.intersection(a, b)
    return both is not None and both.width > 0 and both.height > 0


def touches(line, box):
    near = box.padded(2)  # an arrow ends half the width of its line before its box
    return any(near.contains(x, y) for x, y in line)


@pytest.mark.parametrize("architecture", GENOTYPES.values(), ids=GENOTYPES)
def test_labels_nodes_and_lines_are_apart_and_lines_meet_what_is_theirs(
    architecture, figures, drawn, tmp_path
):
    draw_cells(architecture, "", tmp_path / "a.png", figures)
    (figure,) = drawn
    assert len(figure.axes) == len(kinds_in(architecture))
    for axes, (kind, arrows) in zip(figure.axes, drawn_arrows(architecture).items(), strict=True):
        texts, boxes, lines = seen(axes)
        labels = [arrow.label for arrow in arrows if arrow.label]
        nodes = [*NAMES, "$c_k$"]
        assert Counter(text for text, _ in texts) == Counter([*labels, *nodes, f"{kind} cell"])
        for (a, at_a), (b, at_b) in combinations(texts, 2):
            assert not overlap(at_a, at_b), (a, b)
        assert not any(overlap(a, b) for a, b in combinations(boxes, 2))
        inside = {}  # a node's name is in its box, and nothing else is
        for text, at in texts:
            around = [i for i, box in enumerate(boxes) if overlap(at, box)]
            assert len(around) == (text in nodes), text
            inside |= dict.fromkeys(around, text)
            assert axes.get_window_extent().padded(-2).contains(at.x0, at.y0)
            assert axes.get_window_extent().padded(-2).contains(at.x1, at.y1)
        assert sorted(inside.values()) == sorted(nodes)
        at = dict(texts)
        assert at[NAMES[0]].y0 > at[NAMES[1]].y1  # the older input stands above the newer
        assert len(lines) == len(arrows)
        for arrow, line in zip(arrows, lines, strict=True):
            met = {inside[i] for i, box in enumerate(boxes) if touches(line, box)}
            assert met == {arrow.source, arrow.target}
            crossed = [t for t, at in texts if t not in nodes and touches(line, at)]
            assert crossed == ([arrow.label] if arrow.label else [])


@pytest.mark.parametrize("architecture", GENOTYPES.values(), ids=GENOTYPES)
def test_the_longest_title_has_its_place(architecture, figures, drawn, tmp_path):
    system = max(map(display_name, EXPERIMENTS["rajapakshe2023"].systems), key=len)
    title = f"{system}\n{max(STRATEGIES, key=len)}, seed 100, fold 10"
    draw_cells(architecture, title, tmp_path / "a.png", figures)
    (figure,) = drawn
    (text,) = figure.texts
    assert text.get_text() == title
    at = text.get_window_extent()
    assert figure.bbox.padded(-2).contains(at.x0, at.y0)
    assert figure.bbox.padded(-2).contains(at.x1, at.y1)
    for axes in figure.axes:
        for _, other in seen(axes)[0]:
            assert not overlap(at, other)


def test_the_picture_is_the_same_each_time(figures, tmp_path):
    for name in ("a.png", "b.png"):
        draw_cells(GENOTYPES["seed 0"], "DARTS CNN, C=4", tmp_path / name, figures)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
