"""A configuration as Snakemake would have it, for commands that run without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sernas.base.digests import PACKAGE
from sernas.base.errors import SettingsError
from sernas.plan.default_config import default_config
from sernas.plan.overrides import merged
from sernas.plan.registered import registered
from sernas.plan.twice import check_keys_once

OWN = PACKAGE.parent / "config/own.yaml"
"""The configuration for one's own recordings."""


def load_config(files: Iterable[str | Path], pairs: Iterable[str] = ()) -> dict[str, Any]:
    """The defaults, changed by files, and then by ``key=value``, whose values are YAML in which all
    is text; :func:`sernas.plan.configuration.configure` makes numbers of it.

    Raises:
        SettingsError: a file cannot be read, or has a key twice; or a pair is none.
    """
    import yaml

    config = yaml.safe_load(default_config(registered()))
    for file in files:
        config = merged(config, _read(Path(file)))
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise SettingsError(f"--config: expected KEY=VALUE, found {pair!r}; write it so")
        try:
            config = merged(config, {key: yaml.load(value, yaml.BaseLoader)})
        except yaml.YAMLError as error:
            raise SettingsError(
                f"--config {key}: expected a value in YAML, found {value!r} "
                f"({getattr(error, 'problem', error)}); correct it"
            ) from error
    return config


def _read(file: Path) -> Mapping[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(
            f"{file}: expected a configuration file in YAML, found {error}; correct it, or name "
            "another (--configfile)"
        ) from error
    if not isinstance(content, dict):
        raise SettingsError(f"{file}: expected keys at the top, found none; correct it")
    check_keys_once([file])
    return content
