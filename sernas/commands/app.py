"""The command ``sernas`` itself; what a subcommand needs it imports when it runs."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from sernas.base.errors import SernasError
from sernas.commands.check import check
from sernas.commands.corpora import corpora
from sernas.commands.export import export
from sernas.commands.models import models
from sernas.commands.predict import predict
from sernas.commands.status import status
from sernas.commands.tensorboard import tensorboard

app = typer.Typer(
    name="sernas",
    help="Neural architecture search for speech emotion recognition: the corpora it reads, "
    "whether yours can be used, and the models that its workflow trained.",
    epilog="Experiments are run by Snakemake: snakemake --cores 8 results/table2.csv",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # else [calm, angry] is taken for a style, and not printed
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(corpora)
app.command()(check)
app.command()(export)
app.command()(models)
app.command()(predict)
app.command()(status)
app.command()(tensorboard)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"sernas {version('sernas')}")
        raise typer.Exit


@app.callback()
def _several(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Subcommands, however few there are."""


def main() -> None:
    """Run the command; an error in the user's input is one line, and exit code 2."""
    try:
        app()
    except SernasError as error:
        print(f"sernas: {error}", file=sys.stderr)
        sys.exit(2)
