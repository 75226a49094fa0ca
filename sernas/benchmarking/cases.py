"""Cases of a measure one after the other, on a card that is lent for minutes: none may take the
time of all others, nor end them."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Mapping

import pandas as pd
import torch

from sernas.benchmarking.options import Options
from sernas.benchmarking.timing import COLUMNS, place_of

FAILED = "failed: "
"""What the variant of a row begins with that stands for a case which failed, and says why."""

Case = Callable[[float], pd.DataFrame]
"""Gives its rows; rounds after that time by ``time.perf_counter`` are left out."""


def taken(benchmark: str, cases: Mapping[str, Case], options: Options) -> pd.DataFrame:
    """The rows of all cases; of one that fails, a row that says why.

    Each has an equal share of ``options.seconds``, with what those before it left of theirs. When
    all is spent no other begins.
    """
    tables = []
    for number, (label, case) in enumerate(cases.items(), 1):
        left = options.began + options.seconds - time.perf_counter()
        if left <= 0:
            tables.append(failed(benchmark, label, "no time was left", options))
            continue
        try:
            tables.append(case(options.began + options.seconds * number / len(cases)))
        except Exception as error:
            logging.exception("%s, %s", benchmark, label)
            tables.append(failed(benchmark, label, f"{type(error).__name__}: {error}", options))
        gc.collect()
        if options.device.type == "cuda":
            torch.cuda.empty_cache()
    return pd.concat(tables, ignore_index=True)


def failed(benchmark: str, label: str, why: str, options: Options) -> pd.DataFrame:
    """The row of a case that has no figures."""
    [first, *_] = why.splitlines()
    place = {"device": place_of(options.device), "threads": options.threads}
    row = {"benchmark": benchmark, "size": label, "variant": f"{FAILED}{first}"}
    row |= {"unit": "", "ratio_to": "", **place}
    return pd.DataFrame([row], columns=COLUMNS)
