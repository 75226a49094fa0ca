"""What a result depends on besides its inputs: the code of its stage."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def code_digest(*modules: str | Path) -> str:
    """A digest of the modules' code, of all of sernas that they import, and of its data files.

    As a rule's parameter it makes an edit of the package redo just the stages that run the edited
    code. Comments, docstrings and layout do not count.

    Args:
        modules: dotted names such as "sernas.search.supernet_search", or files; one outside of the
            package is known by its name.
    """
    found: set[Path] = set()
    waiting = [m if isinstance(m, Path) else _file(m) for m in modules]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_imports(path))
    ours = {path for path in found if path.is_relative_to(PACKAGE)}
    found |= {data for path in ours for data in path.parent.glob("*.csv")}
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(found):
        name = path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else path.name
        digest.update(name.encode() + _meaning(path))
    return digest.hexdigest()


def _file(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    """The files of sernas that a file imports, packages on the way included."""
    names = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    parents = {
        ".".join(parts[:n])
        for parts in (name.split(".") for name in names if name.startswith("sernas"))
        for n in range(1, len(parts) + 1)
    }
    return tuple(file for file in map(_file, sorted(parents)) if file.is_file())


@cache
def _meaning(path: Path) -> bytes:
    if path.suffix != ".py":
        return path.read_bytes()
    tree = _tree(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)  # a docstring
    return ast.dump(tree).encode()
