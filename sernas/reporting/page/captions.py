"""The captions of Snakemake's report, which the page has too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from docutils.core import publish_parts
from jinja2 import Environment, StrictUndefined

# names of emotions may hold what reStructuredText reads as a command
SETTINGS = {"report_level": 5, "raw_enabled": False, "file_insertion_enabled": False}


class Captions:
    """Those of a folder, ``<name>.rst``.

    Args:
        folder: where they are.
        config: the configuration, as run.
        params: what else they name of the rules that they are of.
    """

    def __init__(self, folder: Path, config: Mapping[str, Any], **params: Any):
        self._folder = folder
        self._job = SimpleNamespace(config=config, params=SimpleNamespace(**params))

    def __call__(self, name: str) -> str:
        """One as HTML, without its title."""
        text = (self._folder / f"{name}.rst").read_text(encoding="utf-8")
        plain = Environment(undefined=StrictUndefined).from_string(text)
        parts = publish_parts(
            plain.render(snakemake=self._job), writer="html5", settings_overrides=SETTINGS
        )
        return parts["body"]
