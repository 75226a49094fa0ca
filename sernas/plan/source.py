"""Which corpus a folder or a manifest is, and how its labels are read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sernas.base.errors import CorpusError, Refuse
from sernas.corpora.label_files import require_labels
from sernas.corpora.layout import Place, find_layout
from sernas.corpora.named_files import files_under
from sernas.corpora.recognised import recognised
from sernas.corpora.registry import CorpusParser, labelled
from sernas.corpora.unlabelled import UNREAD, Unlabelled, recordings_of
from sernas.plan.configuration import Settings


@dataclass(frozen=True)
class Source:
    """What is checked.

    Attributes:
        changes: what a configuration must say to use it.
        parser: of a folder by its layout; else None: that of the corpus.
        notes: how it was recognised, in sentences.
    """

    changes: Mapping[str, Any]
    parser: CorpusParser | None = None
    notes: list[str] = field(default_factory=list)


def source_of(
    path: Path,
    refuse: Refuse,
    corpus: str | None = None,
    manifest: str = "manifest.csv",
    speaker: Place | None = None,
    emotion: Place | None = None,
) -> Source:
    """What is at ``path``: a manifest; a folder of the named ``corpus``; one with a ``manifest``;
    one that looks like a known corpus; or one whose paths say who speaks and how, which the user
    may say (``speaker``, ``emotion``).

    Refuses:
        CorpusError: a folder within cannot be read.

    Raises:
        CorpusError: it looks like several, or like none.
    """
    if os.path.isfile(path) and corpus in (None, "manifest"):
        folder = str(path.absolute().parent)
        return Source({"corpus": "manifest", "corpus_root": folder, "manifest": path.name})
    root = str(path)
    here = {"corpus_root": root}
    if corpus:
        return Source({"corpus": corpus} | here)
    places = speaker or emotion
    found = [] if places else recognised(root)
    if not places and os.path.isfile(path / manifest):
        also = [f"it looks like {name}, too; --corpus {name} reads it so" for name in found]
        note = f"labels are those of {manifest}"
        return Source({"corpus": "manifest"} | here, notes=[note, *also])
    if len(found) > 1:
        raise CorpusError(
            f"{root}: expected one corpus, found that it looks like {', '.join(found)}; say which: "
            f"--corpus {found[0]}"
        )
    if found:
        note = f"looks like {found[0]}, and is read so (--corpus {found[0]})"
        return Source({"corpus": found[0]} | here, notes=[note])
    require_labels(path, [path] * os.access(path, os.R_OK | os.X_OK), "recordings, or a manifest")
    paths = recordings_of(root, refuse)
    layout = find_layout(paths, root, speaker, emotion)
    notes = [layout.words, *(f"the speaker may also be {other}" for other in layout.others)]
    if films := files_under(root, UNREAD):
        notes.append(f"not read, for their sound is in no audio file: {len(films)} ({films[0]!r})")
    return Source({"corpus": "manifest"} | here, Unlabelled(paths, layout), notes)


def with_its_emotions(source: Source, settings: Settings) -> tuple[Settings, list[str]]:
    """The settings with the emotions that the corpus has, where it has not all of theirs, which
    nobody chose for it; and a note on that."""
    said = settings.corpus
    rows = labelled(said, lambda error: None, source.parser)
    there = sorted({row["emotion"] for row in rows if not row["reason"]})
    if len(there) < 2 or set(said.emotions) <= set(there):
        return settings, []
    chosen = replace(settings, corpus=replace(said, emotions=tuple(there)))
    return chosen, [f"emotions, which were not said, are those found: {', '.join(there)}"]
