"""Random seeds that depend on what is computed, never on which job or in which order."""

from __future__ import annotations

import hashlib
import random


def seed_of(*parts: object) -> int:
    """A 63-bit seed for e.g. ``(seed, "search", system, strategy, fold)``."""
    digest = hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def rng_of(*parts: object) -> random.Random:
    """A random stream of its own for ``parts``."""
    return random.Random(seed_of(*parts))
