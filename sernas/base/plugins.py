"""Files of the user that add to the registries: ``plugins`` of the configuration."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from sernas.base.errors import SernasError, SettingsError


def load_plugins(paths: Iterable[str]) -> None:
    """Run each file, in this order; one that was run before is not run again.

    Raises:
        SettingsError: a file is not there, cannot be imported, or takes a name that is taken.
    """
    for path in map(Path, paths):
        if not path.is_file():
            raise SettingsError(
                f"plugins: expected a Python file, found none at {path}; correct the path, which "
                "is relative to the folder that the command is given in"
            )
        name = module_name(path)
        if name in sys.modules:
            continue
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise SettingsError(f"plugins: expected a Python file, found {path}; call it *.py")
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except SernasError as error:
            del sys.modules[name]
            raise SettingsError(f"plugins: {error}") from error
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise SettingsError(
                f"plugins: {path}{_line(error, path)} cannot be imported "
                f"({type(error).__name__}: {error}); mend it, or take it out of plugins"
            ) from error


def module_name(path: Path) -> str:
    """What a plugin is called among the modules."""
    return f"sernas_plugins.{path.resolve().with_suffix('')}"


def _line(error: BaseException, path: Path) -> str:
    """Where in the file it went wrong, as far as that is known."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if Path(f.filename).resolve() == path.resolve()]
    if isinstance(error, SyntaxError) and error.lineno:
        lines.append(error.lineno)
    return f", line {lines[-1]}," if lines else ""
