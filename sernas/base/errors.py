"""The errors that reach a user: one sentence each that says what to do next."""

from __future__ import annotations

from collections.abc import Callable


class SernasError(Exception):
    """An error in the user's input. The message names the file or key, what was expected,
    what was found, and what to do next. Shown without a traceback."""


Refuse = Callable[[SernasError], None]
"""What is done with an error: it is raised, or noted where all are to be told at once."""


def raised(error: SernasError) -> None:
    """Raise it."""
    raise error


class SettingsError(SernasError):
    """The configuration is wrong."""


class CorpusError(SernasError):
    """The corpus on disk, its labels or its manifest are wrong."""


class AudioError(SernasError):
    """An audio file cannot be used."""


class StoreError(SernasError):
    """A feature store is missing, incomplete or was made with other settings."""


class UnreadError(SernasError):
    """A file that the system does not let be read, though it may be whole."""


class DiskFullError(SernasError):
    """There is no room for an output."""


class FoldError(SernasError):
    """A split leaks speakers, lacks a class or lacks data."""


class TrainingError(SernasError):
    """Training cannot go on (a loss that is not finite, for instance)."""
