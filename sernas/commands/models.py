"""``sernas models``: the released models that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sernas.commands.output import Format, print_rows


def models(
    folder: Annotated[
        Path,
        typer.Argument(help="Where to look, in all its folders.", exists=True, file_okay=False),
    ] = Path("results"),
    form: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
) -> None:
    """List the models that can be taken away: what they know, and how well.

    The UA is of test speakers whom the networks have not heard.

    Examples:

        sernas models

        snakemake --cores 2 results/models/cnn_seqcap_dropout/README.md   # another row of the table
    """
    from sernas.release.listing import released_models

    print_rows(released_models(folder), form)
