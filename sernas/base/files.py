"""Outputs that are either whole or absent: written under a temporary name, then renamed."""

from __future__ import annotations

import errno
import glob
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sernas.base.errors import DiskFullError, SernasError
from sernas.base.reading import reading

if TYPE_CHECKING:
    import pandas as pd

_PROBE = 2**20  # bytes, more than a block of any file system


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; it becomes ``path`` if the block succeeds.

    The block makes a file of it, or a folder. The temporary name ends as ``path`` does, so that
    libraries still tell the format by it; missing folders are made. If the block raises, what it
    wrote is removed and ``path`` is untouched. What a killed process left of the same output is
    removed too, so an output may have one writer at a time.

    Raises:
        DiskFullError: there was no room on the disk.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_hidden(path)
        temporary = _hidden(path)
        yield temporary
        if temporary.is_dir() and path.is_dir():  # which a rename only replaces if it is empty
            os.replace(path, _hidden(path))
        os.replace(temporary, path)
    except SernasError:
        raise
    except (OSError, RuntimeError) as error:  # what writers raise; others are defects
        number = _full_disk_number(error)
        if not number and _takes_more(path.parent):
            raise
        _remove_hidden(path)
        raise disk_full(path, "the whole of it", quota=number == errno.EDQUOT) from error
    finally:
        _remove_hidden(path)


class Unfailing(io.FileIO):
    """A file whose writes never fail: ``check`` raises what the first one should have raised."""

    _failure: OSError | None = None

    def write(self, data) -> int:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[super().write(rest) :]
        except OSError as error:
            self._failure = self._failure or error
        return len(data)

    def check(self) -> None:
        if self._failure:
            raise self._failure


def disk_full(path: Path, size: str, quota: bool = False) -> DiskFullError:
    """The error to raise if an output of ``size`` (in words) does not fit on its disk."""
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    free = f"{shutil.disk_usage(folder).free / 1e6:.1f} MB"
    return DiskFullError(
        f"{path}: expected room on the disk for {size}, found "
        f"{'your quota used up' if quota else f'{free} free'}; make room there, or choose a folder "
        "on another disk (pathvars.results), and run again"
    )


def read_json(path: str | Path) -> Any:
    """The content of a JSON file of ours; SernasError if it is cut short, missing or unread."""
    with reading(path, "a JSON file"):
        return json.loads(Path(path).read_text(encoding="utf-8"))


def write_text(path: str | Path, text: str) -> None:
    """Write ``text`` (UTF-8) to ``path``, whole or not at all."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def read_csv(path: str | Path) -> pd.DataFrame:
    """A table as :func:`write_csv` wrote it, all of it text: no name is a number or missing."""
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write ``frame`` without its index to ``path``, whole or not at all."""
    with atomic(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")


def _hidden(path: Path) -> Path:
    return path.with_name(f".{uuid4().hex[:8]}.{path.name}")


def _remove_hidden(path: Path) -> None:
    """Remove what :func:`_hidden` named, for ``path``, now or in a process that was killed."""
    for left in path.parent.glob(f".{'[0-9a-f]' * 8}.{glob.escape(path.name)}"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


def _full_disk_number(error: BaseException | None) -> int | None:
    """The system's number for want of room, from an error or what led to it."""
    while error is not None:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            return error.errno
        error = error.__cause__ or error.__context__
    return None


def _takes_more(folder: Path) -> bool:
    """Whether something can still be written there: torch's errors do not say why it failed."""
    probe = _hidden(folder / "probe")
    try:
        probe.write_bytes(bytes(_PROBE))
    except OSError as error:
        return error.errno not in (errno.ENOSPC, errno.EDQUOT)
    finally:
        probe.unlink(missing_ok=True)
    return True
