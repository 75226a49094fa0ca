"""``sernas corpora``: the corpora that can be read."""

from __future__ import annotations

from typing import Annotated

import typer

from sernas.commands.output import Format, print_rows


def corpora(
    form: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
) -> None:
    """List the corpora that can be read, with licence, size and where to get them."""
    from sernas.corpora.catalog import catalog

    print_rows(catalog(), form)
