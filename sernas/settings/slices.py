"""A stage's settings as what a rule's ``params`` hold, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


def to_slice(settings: object) -> dict[str, Any]:
    """A stage's settings as the plain values that a rule's ``params`` hold."""
    return dataclasses.asdict(settings)


def from_slice(kind: type, values: Mapping[str, Any]):
    """A stage's settings from plain values; lists become tuples."""
    return kind(
        **{key: tuple(v) if isinstance(v, list | tuple) else v for key, v in values.items()}
    )
