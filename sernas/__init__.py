"""Neural architecture search for speech emotion recognition."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# by name, for what is imported here is imported by all of the package, and counts as its code
_HEAVY = {"load": "sernas.release.package"}
"""What a user imports from here, and the modules that have it."""


def __getattr__(name: str) -> Any:
    if name not in _HEAVY:
        raise AttributeError(f"module 'sernas' has no attribute {name!r}")
    return getattr(import_module(_HEAVY[name]), name)
