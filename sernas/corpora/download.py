"""Fetching the corpora that anybody may: their archives, from the official addresses."""

from __future__ import annotations

import logging
import posixpath
import shutil
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sernas.base.errors import CorpusError
from sernas.base.files import atomic
from sernas.corpora.fetching import fetch
from sernas.corpora.packaged import packaged_rows


class Archive(NamedTuple):
    """A zip file: where it is, how many bytes it has and their MD5, each if it is known."""

    url: str
    size: int | None
    md5: str | None


@cache
def archives() -> dict[str, list[Archive]]:
    """What each corpus that can be fetched consists of, by downloads.csv."""
    found: dict[str, list[Archive]] = {}
    for row in packaged_rows("sernas.corpora", "downloads.csv"):
        size = int(row["bytes"]) if row["bytes"] else None
        found.setdefault(row["corpus"], []).append(Archive(row["url"], size, row["md5"] or None))
    return found


def download_corpus(wanted: list[Archive], folder: Path, kept: Path, progress: bool = True) -> None:
    """Fetch archives and unpack them to a folder, which is whole or not there.

    Args:
        kept: folder in which they are until all is unpacked, so that a run that was cut off goes
            on where it was.

    Raises:
        CorpusError: one cannot be fetched, is not what was expected, or is no zip file.
    """
    kept.mkdir(parents=True, exist_ok=True)
    paths = [kept / posixpath.basename(urlsplit(each.url).path) for each in wanted]
    for archive, path in zip(wanted, paths, strict=True):
        md5 = fetch(archive.url, path, archive.size, archive.md5, progress=progress)
        if archive.md5 is None:
            logging.warning(f"{archive.url}: its MD5, which nothing was known of, is {md5}")
    with atomic(folder) as made:
        for path in paths:
            try:
                with zipfile.ZipFile(path) as content:
                    content.extractall(made)
            except zipfile.BadZipFile as error:
                path.unlink()
                raise CorpusError(
                    f"{path}: expected a zip file, found something else or damage ({error}); run "
                    "again, or fetch the corpus by hand"
                ) from error
    shutil.rmtree(kept)
