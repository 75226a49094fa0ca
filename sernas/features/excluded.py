"""What becomes of audio that cannot be used: left out with a reason, or the end of it all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sernas.base.errors import AudioError
from sernas.corpora.corpus import EXCLUDED_COLUMNS


class Excluded:
    """The utterances under ``root`` that are left out; ``on_bad_audio`` "fail" leaves out none."""

    def __init__(self, root: Path, on_bad_audio: str):
        self._root, self._fail = root, on_bad_audio == "fail"
        self._rows: list[dict[str, str]] = []

    def add(self, row: Mapping[str, str], error: AudioError) -> None:
        """Leave out an utterance of the manifest; or raise why it would be."""
        if self._fail:
            raise error
        self._rows.append({**row, "reason": str(error)})

    def require_some_left(self, utterances: int) -> None:
        """Raise :class:`AudioError` if all ``utterances`` of the manifest are excluded."""
        if len(self._rows) < utterances:
            return
        first = f"; the first: {self._rows[0]['reason']}" if self._rows else ""
        raise AudioError(
            f"{self._root}: expected audio for {utterances} utterances, found none that can be "
            f"used; check the corpus folder and the manifest{first}"
        )

    def table(self) -> pd.DataFrame:
        """Columns ``utterance,path,speaker,emotion,reason``."""
        return pd.DataFrame(self._rows, columns=EXCLUDED_COLUMNS, dtype=str)


def trimmed(path: Path, trim_db: float | None) -> str:
    """What errors call what is left of a file."""
    return str(path) if trim_db is None else f"{path}, trimmed by trim_db ({trim_db:g})"
