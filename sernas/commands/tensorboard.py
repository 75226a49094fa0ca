"""``sernas tensorboard``: the curves of a run, while it goes on or afterwards."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from sernas.commands.output import Results


def tensorboard(
    results: Results = Path("results"),
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on, and add what is new, until Ctrl-C.")
    ] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 5,
) -> None:
    """Write the curves of all searches and trainings for TensorBoard, into RESULTS/tensorboard.

    They are made from the histories, so that a run need not know of it, and one that is over has
    them too. Needs the extra "tensorboard".

    Examples: sernas tensorboard; sernas tensorboard results/own --follow
    """
    from sernas.reporting.events import Events

    out = results / "tensorboard"
    events = Events(results, out)
    print(
        f"{events.update()} epochs in {out}; look at them: tensorboard --logdir {out}", flush=True
    )
    while follow:
        time.sleep(every)
        events.update()
