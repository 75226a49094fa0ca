"""``sernas export``: a model as a file that other programs run."""

from __future__ import annotations

from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Literal

import typer

from sernas.commands.output import Format, print_rows


def export(
    model: Annotated[Path, typer.Argument(help="Folder of a released model; sernas models.")],
    to: Annotated[Literal["onnx"], typer.Option("--to", help="As what.")] = "onnx",
    start: Annotated[
        Literal["waveform", "features"],
        typer.Option("--from", help="What it takes: samples, or frames that you make yourself."),
    ] = "waveform",
    int8: Annotated[
        bool,
        typer.Option("--int8", help="Write a second, smaller file too, model.int8.onnx."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="The file; else model.onnx in the model's folder.")
    ] = None,
    measure: Annotated[
        Path | None,
        typer.Option(
            metavar="MANIFEST",
            help="Print too what is recognised of labelled recordings, a CSV of path and emotion. "
            "Take speakers whom the model has not heard.",
        ),
    ] = None,
    time: Annotated[
        bool, typer.Option("--time", help="Print too how long a prediction takes on one core.")
    ] = False,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A file that adds the model's system.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
) -> None:
    """Write a released model as one file that onnxruntime runs, for recordings of any length.

    The file gives a probability of each emotion; its metadata names them, and the sample rate.
    It is compared with the model itself before it is there.

    Examples:

        sernas export results/models/best

        sernas export results/models/best --int8 --measure manifest.csv --time
    """
    from sernas.base.plugins import load_plugins
    from sernas.release.onnx_export import export_to_onnx
    from sernas.release.onnx_int8 import quantise
    from sernas.release.onnx_measure import OWN, measured, timed
    from sernas.release.onnx_run import Exported
    from sernas.release.package import load

    load_plugins(map(str, plugin or ()))
    opened, files = load(model), {"onnx": output or model / "model.onnx"}
    export_to_onnx(opened, files["onnx"], start)
    if int8:
        files["onnx int8"] = files["onnx"].with_suffix(".int8.onnx")
        quantise(files["onnx"], files["onnx int8"])
    exported = {name: Exported(opened, path, threads=1) for name, path in files.items()}
    found = [measured(measure, exported)] if measure else []
    found += [timed(exported)] if time else []
    rows = []
    for name in [OWN, *files] if found else files:
        path = files.get(name)
        row = {"run by": name, "MB": path and round(path.stat().st_size / 1e6, 2)}
        rows.append(reduce(or_, [figures[name] for figures in found], row))
    print_rows(rows, form)
