"""Where a table comes from, as lines of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def origin(of: Mapping[str, Any]) -> dict[str, Any]:
    """What a reader asks for first; the versions and the configuration stand by themselves.

    Args:
        of: see :func:`sernas.reporting.provenance.provenance`.
    """
    git, hardware, machine = of["git"], of["hardware"], of["hardware"]["table_made_on"]
    commit = git["commit"] or f"unknown: {git['reason']}"
    return {
        "made": of["time"],
        "commit": commit + (", with changes that are in none" if git["dirty"] else ""),
        "corpus": f"{of['corpus']['name']}, checksum {of['corpus']['checksum']}",
        **of["seeds"],
        "trained on": ", ".join(hardware["trained_on"]),
        "trained in": ", ".join(hardware["trained_in"]),
        "table made on": f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}",
        "plugins": ", ".join(of["plugins"]) or "none",
    }
