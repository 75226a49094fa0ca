"""What ``sernas check`` was asked: a path and a configuration become a report."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sernas.base.errors import SernasError
from sernas.corpora.layout import Place
from sernas.corpora.registry import labelled
from sernas.corpora.unlabelled import write_manifest
from sernas.plan.check import Report, check
from sernas.plan.configuration import Settings, configure
from sernas.plan.loading import OWN, load_config
from sernas.plan.source import Source, source_of, with_its_emotions
from sernas.settings.corpus import CorpusSettings


def checked(
    path: Path,
    corpus: str | None = None,
    places: tuple[Place | None, Place | None] = (None, None),
    files: Sequence[Path] | None = None,
    pairs: Sequence[str] = (),
    manifest: Path | None = None,
    force: bool = False,
    hear_all: bool = False,
    progress: bool = False,
) -> Report:
    """Check what is at ``path``; see :func:`sernas.plan.source.source_of`.

    Args:
        places: of speaker and emotion in paths.
        files, pairs: the configuration; without files that for one's own recordings.
        manifest: a file to write one to, where there is none yet, or by ``force``.

    Raises:
        SernasError: it cannot be read at all, or the configuration is wrong.
    """
    errors: list[SernasError] = []
    config = load_config(files or [OWN], pairs)
    usual = configure(config | {"corpus": "manifest", "corpus_root": str(path)})
    source = source_of(path, errors.append, corpus, usual.corpus.manifest, *places)
    settings, notes = configure(config | source.changes), []
    if settings.corpus.emotions == CorpusSettings().emotions:
        settings, notes = with_its_emotions(source, settings)
    if manifest:
        rows = labelled(settings.corpus, errors.append, source.parser)
        number = write_manifest(rows, manifest, force)
        notes.append(f"{manifest} was written: {number} recordings")
        source = replace(source, changes=_of_manifest(manifest, settings.corpus.root))
    source = replace(source, notes=[*source.notes, *notes])
    report = check(source, settings, errors, hear_all, progress)
    if source.parser and not manifest:
        return replace(report, run=_written(path))
    return report if report.refused else replace(report, run=_run(source, settings, files, pairs))


def _of_manifest(manifest: Path, root: str) -> dict[str, str]:
    inside = Path(os.path.relpath(manifest.absolute(), os.path.abspath(root)))
    name = manifest.absolute() if inside.parts[0] == os.pardir else inside
    return {"corpus": "manifest", "corpus_root": root, "manifest": str(name)}


def _written(path: Path) -> str:
    """What makes a manifest of a layout."""
    return shlex.join(
        ["sernas", "check", str(path), "--write-manifest", str(path / "manifest.csv")]
    )


def _run(
    source: Source, settings: Settings, files: Sequence[Path] | None, pairs: Sequence[str]
) -> str:
    """What runs the workflow."""
    emotions = settings.corpus.emotions
    chosen = (
        {"emotions": f"[{', '.join(emotions)}]"} if emotions != CorpusSettings().emotions else {}
    )
    said = {pair.partition("=")[0]: pair.partition("=")[2] for pair in pairs}
    config = {**chosen, **said, **source.changes}
    names = [str(file) for file in files or [Path(*OWN.parts[-2:])]]
    words = ["snakemake", "--cores", str(os.cpu_count() or 1), "--configfile", *names, "--config"]
    return shlex.join([*words, *(f"{key}={value}" for key, value in config.items())])
