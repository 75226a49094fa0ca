"""Where a table comes from: what was run, on which data, by which software and hardware."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from sernas.base.checksum import file_checksum
from sernas.base.digests import PACKAGE
from sernas.base.hardware import cpu_model, memory_gib
from sernas.features.store import StoreSettings
from sernas.training.gpus import gpu_names

SEEDS = ("seed", "demo.seed", "folds.seed")


def provenance(
    config: Mapping[str, Any],
    corpus_checksum: str,
    features: Sequence[StoreSettings],
    summaries: Iterable[Mapping],
    workflow_file: str | Path,
) -> dict[str, Any]:
    """All that a table depends on, as JSON has it.

    Args:
        config: the whole configuration, as run.
        corpus_checksum: that of the feature store.
        features: of each feature store; of a speech model they tell its weights.
        summaries: ``device`` and ``precision`` of each network's training, which may be another
            machine's.
        workflow_file: a file of the workflow, by which its git repository is found.
    """
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(workflow_file),
        "versions": versions(),
        "plugins": {path: file_checksum(path) for path in config["plugins"]},
        "corpus": {"name": config["corpus"], "checksum": corpus_checksum},
        "features": [json.loads(json.dumps(asdict(settings))) for settings in features],
        "seeds": {name: _lookup(config, name) for name in SEEDS},
        "hardware": {
            "trained_on": sorted({summary["device"] for summary in summaries}),
            "trained_in": sorted({summary["precision"] for summary in summaries}),
            "table_made_on": {
                "cpu": cpu_model(),
                "cores": os.cpu_count(),
                "memory_gib": memory_gib(),
                "gpus": gpu_names(),
                "system": platform.platform(),
            },
        },
        "config": config,
    }


def git_state(file: str | Path) -> dict[str, Any]:
    """``commit`` and ``dirty`` (a tracked file differs from it) of the repository that holds
    ``file``; where there is none, both are None and ``reason`` says why."""
    try:
        # a folder that only lies within somebody's repository is none of its commits
        _git(file, "ls-files", "--error-unmatch", Path(file).name)
        commit = _git(file, "rev-parse", "HEAD")
        changes = _git(file, "status", "--porcelain", "--untracked-files=no")
    except OSError as error:
        return {"commit": None, "dirty": None, "reason": f"git cannot be run: {error}"}
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.splitlines() or [f"git ended with {error.returncode}"])[0]
        return {"commit": None, "dirty": None, "reason": reason}
    return {"commit": commit, "dirty": bool(changes)}


def versions() -> dict[str, str | None]:
    """Of Python, of this package and of all that it depends on directly; None if not installed."""
    own, required = _own()
    names = sorted(re.match(r"[\w.-]+", line).group() for line in required)
    found = {name: _version(name) for name in names}
    return {"python": platform.python_version(), "sernas": own, **found}


def _own() -> tuple[str | None, list[str]]:
    """The version of this package, and what it depends on directly."""
    try:
        required = [line for line in requires("sernas") or () if "extra ==" not in line]
        return version("sernas"), required
    except PackageNotFoundError:  # not installed, it runs where it lies; git knows which it is
        project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["project"]
        return None, project["dependencies"]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _git(file: str | Path, *arguments: str) -> str:
    command: Sequence[str] = ["git", "-C", str(Path(file).parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _lookup(config: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key."""
    for part in key.split("."):
        config = config[part]
    return config
