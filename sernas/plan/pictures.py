"""The pictures of an experiment, whose rules differ in nothing else."""

from __future__ import annotations

from typing import NamedTuple

from sernas.plan.rows import Row, Rows

ARCHITECTURES = "search/{system}/{strategy}/seed{seed}/fold{fold}.json"
INHERITED = "search/{system}/{strategy}/seed{seed}/fold{fold}_inherited.csv"
HISTORIES = "search/{system}/{strategy}/seed{seed}/fold{fold}.csv"
SCORES = "search/{system}/{strategy}/seed{seed}/fold{fold}_inherited.csv"
TRAINING_HISTORIES = "models/{system}/{strategy}/seed{seed}/fold{fold}.csv"
MODELS = "models/{system}/{strategy}/seed{seed}/fold{fold}.pt"
SUMMARIES = "models/{system}/{strategy}/seed{seed}/fold{fold}.json"
TRAINING_COSTS = "costs/training/{system}/{strategy}/seed{seed}/fold{fold}.json"
SEARCH_COSTS = "costs/search/{system}/{strategy}/seed{seed}/fold{fold}.json"
PREDICTIONS = "predictions/{system}/{strategy}/seed{seed}/fold{fold}.csv"


class Picture(NamedTuple):
    """Pictures of one kind, for some rows of the table.

    Attributes:
        name: of the rule ``draw_<name>``, of its script, and of its caption in the report.
        rows: the name of those of :class:`~sernas.plan.rows.Rows` that have one.
        made_from: files of each run of a row.
        path: a picture of each row, or of each run of it.
        category: in the report.
    """

    name: str
    rows: str
    made_from: tuple[str, ...]
    path: str
    category: str

    def rows_of(self, rows: Rows) -> list[Row]:
        """The rows that it is drawn of."""
        return list(getattr(rows, self.rows))


PICTURES = (
    Picture(
        "architecture_weights",
        "searched",
        (HISTORIES,),
        "architecture_weights/{system}_{strategy}.png",
        "Architecture weights",
    ),
    Picture(
        "confusion",
        "every",
        (PREDICTIONS,),
        "confusion/{system}_{strategy}.png",
        "Confusion matrices",
    ),
    Picture("durations", "every", (PREDICTIONS,), "durations/{system}_{strategy}.png", "Durations"),
    Picture("speakers", "every", (PREDICTIONS,), "speakers/{system}_{strategy}.png", "Speakers"),
    Picture(
        "cells",
        "cells",
        (SUMMARIES,),
        "cells/{system}_{strategy}/seed{seed}/fold{fold}.png",
        "Cells",
    ),
    Picture(
        "collapse", "searched_cells", (HISTORIES,), "collapse/{system}_{strategy}.png", "Collapse"
    ),
    Picture(
        "diagnostics",
        "searched",
        (HISTORIES, ARCHITECTURES),
        "diagnostics/{system}_{strategy}.png",
        "Searches",
    ),
)
