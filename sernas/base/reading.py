"""Reading files of ours: one that the system does not let be read may be whole.

Only where content was read and is wrong does a message advise to delete the file.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sernas.base.errors import SernasError, UnreadError

_ADVICE = {
    errno.EACCES: "give yourself the right to read it (chmod +r)",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENOMEM: "give the job more memory, or run fewer at once",
}
_HDF5_NUMBER = re.compile(r"\berrno = (\d+)")  # some of its errors say it nowhere else
_NEXT_SENTENCE = re.compile(r"\.? *\n|\. (?=[A-Z][a-z])")


@contextmanager
def reading(path: str | Path, what: str, kind: type[SernasError] = SernasError) -> Iterator[None]:
    """Say in one sentence why ``path`` could not be read as ``what``, whatever a reader raises.

    Raises:
        UnreadError: the system did not let the file be read (permission, lock, disk, memory).
        SernasError: of that ``kind``, there is no such file, or its content is wrong. Errors of
            ours go through as they are.
    """
    try:
        yield
    except SernasError:
        raise
    except Exception as error:
        number = _system_number(error)
        if number == errno.ENOENT:
            found = "no such file; run again, which makes it"
        elif number:
            advice = _ADVICE.get(number, "see that its disk is well")
            raise UnreadError(
                f"{path}: expected to read {what}, found that the system does not let it "
                f"({os.strerror(number)}); the file may be whole, so keep it: {advice}, and run "
                "again"
            ) from error
        else:
            # the first sentence: torch goes on to explain how to run what a file holds
            said = _NEXT_SENTENCE.split(str(error).strip())[0] or type(error).__name__
            found = f"a truncated, incomplete or foreign file ({said}); delete it and run again"
        raise kind(f"{path}: expected {what}, found {found}") from error


def _system_number(error: BaseException | None) -> int | None:
    """The system's number for what failed, from an error or what led to it."""
    while error is not None:
        if isinstance(error, MemoryError):
            return errno.ENOMEM
        told = _HDF5_NUMBER.search(str(error))
        if number := getattr(error, "errno", None) or (told and int(told[1])):
            return number
        error = error.__cause__ or error.__context__
    return None
