"""The page of a run, written from what it made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sernas.base.files import write_text
from sernas.experiments.experiment import Experiment
from sernas.reporting.page.run import read_run
from sernas.reporting.page.sections import sections
from sernas.reporting.style import CYCLE

FEW = 5
"""Pictures; a group of fewer is open."""


def write_page(
    experiment: Experiment,
    table: str | Path,
    files: Iterable[str | Path],
    predictions: Iterable[str | Path],
    histories: Iterable[str | Path],
    captions: str | Path,
    system: str | None,
    out: str | Path,
) -> None:
    """Write one page that needs no other file.

    A section whose files the run did not make is left out.

    Args:
        experiment: of the table; its note is what the table's caption says of it.
        table: the table of results, as CSV.
        files: what else the run made: tables, pictures, ``provenance.json``; in the folder of
            ``out`` and below.
        predictions: files of :func:`sernas.reporting.result_files.run_of`, of all rows.
        histories: of the same networks' trainings.
        captions: the folder of those of Snakemake's report.
        system: that of Fig. 3.
        out: the page.
    """
    run = read_run(experiment, table, files, predictions, histories, Path(out).parent)
    # names of speakers and files may hold what HTML reads as a command
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    title = f"Speech emotion recognition on {run.config['corpus']}: {experiment.title}"
    shown = sections(run, Path(captions), system)
    write_text(out, template.render(title=title, colours=CYCLE, few=FEW, sections=shown))
