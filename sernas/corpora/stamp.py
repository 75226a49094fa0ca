"""What labels and recordings hold, in a word: what is made of a corpus depends on it.

Files are not made inputs of rules: Snakemake would look at each of thousands, for every rule, and
a corpus in another folder would be another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from sernas.base.errors import SernasError
from sernas.corpora.corpus import COLUMNS, wanted
from sernas.corpora.recordings import Recordings
from sernas.corpora.registry import labelled
from sernas.settings.corpus import DEMO_ROOT, CorpusSettings

_TOLD = 3


@cache
def corpus_stamp(
    settings: CorpusSettings, recordings: str, tell: Callable[[str], None] = lambda text: None
) -> str:
    """How many recordings are wanted, and a digest of them and of all labels.

    Another folder, or another date of the same content, makes no difference. The demo corpus is
    what Snakemake knows to have made. Labels that cannot be read are told when a run starts.

    Args:
        recordings: the file of :class:`~sernas.corpora.recordings.Recordings`.
        tell: is called with a sentence if recordings changed since they were last heard.
    """
    if settings.root == DEMO_ROOT:
        return "made here"
    try:
        rows = labelled(settings)
    except SernasError:
        return "labels that cannot be read"
    known = Recordings(recordings, settings.root)
    paths = sorted(row["path"] for row in wanted(rows, settings))
    stamp, changed = known.look(paths)
    if changed and Path(recordings).is_file():
        listed = ", ".join(changed[:_TOLD]) + ", ..." * (len(changed) > _TOLD)
        tell(f"recordings added, removed or changed since the last run: {len(changed)} ({listed})")
    labels = sorted([row.get(column, "") for column in (*COLUMNS, "reason")] for row in rows)
    digest = hashlib.blake2b(repr(labels).encode(), digest_size=8)
    digest.update(stamp.encode())
    with suppress(OSError, SernasError):  # what cannot be kept is found out again
        known.save()
    return f"{len(paths)} recordings, {digest.hexdigest()}"
