"""How far a configuration's variants are from it, row by row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sernas.evaluation.holm import holm
from sernas.evaluation.intervals import Estimate, counted, ua_difference, ua_interval
from sernas.experiments.experiment import display_name, in_paper_order
from sernas.reporting.claims import Tables
from sernas.settings.reporting import EvaluationSettings

COLUMNS = ["system", "nas", "variant", "ua", "ua_low", "ua_high", "gain", "low", "high", "p"]
CAPTION = (
    "UA in percent, pooled over folds and seeds, with its {confidence:g}% interval; gain: of the "
    "variant over the configuration without it, the first line, in points, speakers and runs "
    "paired; p: two-sided, corrected by Holm for all lines. Bold: beyond noise (p < {level:g})."
)


def variants_table(
    base: Tables, variants: Mapping[str, Tables], settings: EvaluationSettings, seed: int
) -> pd.DataFrame:
    """A row of each (system, strategy) for the configuration, with no ``variant``, and each of its
    variants: :data:`COLUMNS`, in percent and points.

    Args:
        base: predictions of the configuration; see :func:`sernas.reporting.claims.claims_table`.
        variants: the same of each, by its name.
        settings: of the intervals.
        seed: of the bootstrap.

    Raises:
        SettingsError: a variant tests other utterances; see :func:`ua_difference`.
    """
    rows = []
    for system, strategy in in_paper_order(base):
        without = counted(base[system, strategy])
        interval = ua_interval(without, settings, seed)
        rows.append((system, strategy, "", *interval[:3], *Estimate(np.nan)))
        for name, tables in variants.items():
            counts = counted(tables[system, strategy])
            interval = ua_interval(counts, settings, seed)
            gain = ua_difference(counts, without, settings, seed)
            rows.append((system, strategy, name, *interval[:3], *gain))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["p"] = holm(table["p"])
    return table.round(dict.fromkeys(COLUMNS[3:-1], 2) | {"p": 4})


def to_markdown(table: pd.DataFrame, confidence: float) -> str:
    """The table and its caption.

    Args:
        confidence: of the intervals, as a fraction.
    """
    interval = f"[{100 * confidence:g}% CI]"
    names = ["System", "NAS", "variant", f"UA {interval}", f"gain {interval}", "p"]
    cells = [
        [
            display_name(row.system),
            row.nas,
            row.variant,
            f"{row.ua:.2f} [{row.ua_low:.2f}, {row.ua_high:.2f}]",
            _gain(row, row.p < 1 - confidence),
            "" if pd.isna(row.p) else f"{row.p:.3f}",
        ]
        for row in table.itertuples()
    ]
    body = pd.DataFrame(cells, columns=names)
    alignment = ["left"] * 3 + ["right"] * 3
    text = body.to_markdown(index=False, disable_numparse=True, colalign=alignment)
    caption = CAPTION.format(confidence=100 * confidence, level=round(1 - confidence, 10))
    return f"{text}\n\n{caption}\n"


def _gain(row, told: bool) -> str:
    if pd.isna(row.gain):
        return ""
    value = f"**{row.gain:+.2f}**" if told else f"{row.gain:+.2f}"
    if pd.isna(row.low):  # which is so where nothing differs
        return value
    return f"{value} [{row.low:+.2f}, {row.high:+.2f}]"
