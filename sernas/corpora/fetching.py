"""Fetching a file by HTTP: on from where it was cut off, and checked before it has its name."""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from pathlib import Path

from sernas.base.errors import CorpusError
from sernas.base.files import disk_full

CHUNK = 2**20  # bytes
TRIES = 5  # in a row that bring nothing
PAUSE = 2.0  # seconds after the first of them, doubled after each
TIMEOUT = 30.0  # seconds without a byte
BUSY = (408, 429)  # and 500 or more: another try may succeed


def fetch(
    url: str,
    path: Path,
    size: int | None = None,
    md5: str | None = None,
    pause: float = PAUSE,
    progress: bool = True,
) -> str:
    """Fetch a file to ``path`` and return its MD5; what is there already is only checked.

    What has come so far is in ``path`` with the suffix ``.part``, in this run and the next.

    Args:
        size, md5: what it must have, if known.
        pause: seconds between tries, at first.

    Raises:
        CorpusError: it is not there, does not come, or is another file.
        DiskFullError: there is no room for it.
    """
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        os.replace(path, part)
    failures = 0
    while True:
        before = _length(part)
        try:
            _fetch_rest(url, part, size, progress)
            break
        except (OSError, http.client.HTTPException) as error:
            status = getattr(error, "code", None)
            if status and status < 500 and status not in BUSY:
                raise _failed(url, f"HTTP status {status} ({error.reason})") from error
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
                raise disk_full(part, "the rest of it") from error
            failures = 0 if _length(part) > before else failures + 1
            if failures == TRIES:
                raise _failed(url, f"{TRIES} times: {error}") from error
            time.sleep(pause * 2 ** max(0, failures - 1))
    with open(part, "rb") as file:
        found = hashlib.file_digest(file, "md5").hexdigest()
    if md5 not in (None, found):
        part.unlink()
        raise CorpusError(
            f"{url}: expected a file of MD5 {md5}, found {found}; it was removed: run again, or "
            "see on its page whether there is another version"
        )
    os.replace(part, path)
    return found


def _fetch_rest(url: str, part: Path, size: int | None, progress: bool) -> None:
    """Append to ``part`` what it lacks. Raises OSError or HTTPException if that was cut off."""
    from tqdm import tqdm

    have = _length(part)
    if have and have == size:
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        if error.headers.get("Content-Range") == f"bytes */{have}":
            return  # there is no more
        part.unlink()
        raise http.client.HTTPException("a shorter file than what had come of it") from error
    with response:
        if response.status != 206:
            have = 0  # it sends all of it, whatever it was asked for
        length = response.headers.get("Content-Length")
        whole = have + int(length) if length else None
        if size is not None and whole is not None and whole != size:
            raise _failed(url, f"a file of {whole} bytes where {size} were expected")
        name = url.rpartition("/")[2]
        bar = tqdm(None, name, whole, initial=have, unit="B", unit_scale=True, disable=not progress)
        with bar, open(part, "ab" if have else "wb") as file:
            while chunk := response.read(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
    if _length(part) < (whole or 0):
        raise http.client.IncompleteRead(b"", whole - _length(part))


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _failed(url: str, found: str) -> CorpusError:
    return CorpusError(
        f"{url}: expected to fetch it, found {found}; run again to go on, or fetch the corpus by "
        "hand and name its folder in corpus_root"
    )
