"""What every script of the workflow does around its one function call."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sernas.base.errors import SernasError
from sernas.base.files import Unfailing
from sernas.base.interrupts import Interrupted, stopping_at_once
from sernas.base.plugins import load_plugins

LINE = "%(asctime)s %(levelname)s %(message)s"
"""What a record of a log file looks like."""

ERROR = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR (.*)$", re.MULTILINE)
"""Such a record of an error, and what it says in its first line."""


class _Tee:
    """A stream that also writes to a log file, but for the strokes of progress bars."""

    def __init__(self, stream, log):
        self.stream, self.log = stream, log

    def write(self, text: str) -> int:
        if not text.startswith("\r"):
            self.log.write(text)
        return self.stream.write(text)

    def flush(self) -> None:
        self.log.flush()
        self.stream.flush()

    def __getattr__(self, name: str):
        return getattr(self.stream, name)


@contextlib.contextmanager
def job(log: str, plugins: Iterable[str] = ()) -> Iterator[None]:
    """Run a script's work with its output in the rule's log file.

    A ``script:`` job's output does not reach the log by itself. Everything goes to the file;
    warnings, errors and progress bars also to the terminal. An error in the user's input ends the
    job with its one sentence, any other error with its traceback. SIGTERM and Ctrl-C end it with
    the exit status of a failed job, so that Snakemake retries it where it may.

    Args:
        log: path of the log file.
        plugins: files of the user that add to the registries.
    """
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    # unfailing: a disk too full for the log must not hide the error that says so
    with io.TextIOWrapper(Unfailing(log, "w"), "utf-8", line_buffering=True) as file:
        terminal = logging.StreamHandler(sys.stderr)
        terminal.setLevel(logging.WARNING)
        terminal.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
        in_file = logging.StreamHandler(file)
        in_file.setFormatter(logging.Formatter(LINE))
        logging.basicConfig(level=logging.INFO, handlers=[terminal, in_file], force=True)
        logging.captureWarnings(True)
        with contextlib.redirect_stderr(_Tee(sys.stderr, file)), contextlib.redirect_stdout(file):
            try:
                load_plugins(plugins)
                with stopping_at_once():
                    yield
            except Interrupted as stop:
                logging.error("stopped by %s; run again, and it goes on", stop)
                sys.exit(stop.code)
            except SernasError as error:
                logging.error("%s", error)
                sys.exit(1)
            except Exception as error:
                kind = type(error).__name__
                logging.exception("this is a defect, not your input: %s: %s", kind, error)
                sys.exit(1)
        logging.info("done in %.1f s", time.perf_counter() - started)


def last_error(log: str | Path) -> str | None:
    """The sentence of the last error in a log file, without its time; None where there is none."""
    try:
        text = Path(log).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    errors = ERROR.findall(text)
    return errors[-1].strip() if errors else None
