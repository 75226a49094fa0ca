"""SIGTERM (pre-emption, a time limit) and Ctrl-C: when a job may stop, and with which code."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_asked: list[int] = []


class Interrupted(BaseException):
    """The job was asked to end by a signal; ``code`` is the exit status that shells give it."""

    def __init__(self, number: int):
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Within it a signal raises :class:`Interrupted` wherever the main thread is."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Interrupted(number)

    with _handled_by(stop):
        yield


@contextmanager
def stopping_when_asked() -> Iterator[None]:
    """Within it a signal waits until :func:`stop_if_asked` is called, or until the end."""
    with _handled_by(lambda number, frame: _asked.append(number)):
        yield
    stop_if_asked()


def stop_if_asked() -> None:
    """Raise :class:`Interrupted` if a signal is waiting."""
    if _asked:
        raise Interrupted(_asked.pop())


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # which alone gets signals
        yield
        return
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was)
