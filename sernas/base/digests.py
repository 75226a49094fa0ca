"""What a result depends on besides its inputs: the code that makes it."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sernas.base.registry import Registry

PACKAGE = Path(__file__).parents[1]
Code = str | Path
"""A module by its dotted name, such as "sernas.models.cnn", or a file."""

_DATA = (".csv", ".css", ".html", ".js")
_DOTTED = re.compile(r"(sernas(?:\.\w+)+):\w+")


def code_digest(*code: Code) -> str:
    """A digest of this code, and of all that :func:`files_of` it.

    As a rule's parameter it makes an edit of the package redo just the stages that run the edited
    code. Comments, docstrings, layout and what is said of settings do not count.
    """
    digest = hashlib.blake2b(digest_size=8)
    for name, path in sorted((_name(path), path) for path in files_of(*code)):
        digest.update(name.encode() + _meaning(path))
    return digest.hexdigest()


def files_of(*code: Code) -> set[Path]:
    """The files of this code, of all of sernas that it imports, and data files beside these."""
    found: set[Path] = set()
    waiting = [_file(each) if isinstance(each, str) else each.resolve() for each in code]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_imports(path) if path.suffix == ".py" else ())
    ours = {path for path in found if path.is_relative_to(PACKAGE)}
    beside = {file for path in ours for file in path.parent.iterdir()}
    return found | {file for file in beside if file.suffix in _DATA}


def code_of_card(registry: Registry, name: str) -> tuple[Code, ...]:
    """The file that adds a card, and the modules that the card names."""
    named = sorted(set(_modules(registry[name])))
    return registry.source(name), *named


def _modules(value: Any) -> Iterator[str]:
    """Modules in dotted names, as :func:`sernas.base.registry.load` takes them."""
    if isinstance(value, str) and (match := _DOTTED.fullmatch(value)):
        yield match[1]
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _modules(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from _modules(getattr(value, each.name))


def _file(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    package = path / "__init__.py"  # a folder may be an old package's, of which bytecode was left
    return package if package.is_file() else path.with_suffix(".py")


def _name(path: Path) -> str:
    """The same wherever the package lies; a user's own file is its name."""
    inside = path.is_relative_to(PACKAGE)
    return path.relative_to(PACKAGE).as_posix() if inside else path.name


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    """The files of sernas that a file imports, packages on the way included."""
    names = []
    for node in (statement for block in _blocks(_tree(path)) for statement in block):
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
    for block in _blocks(tree):
        block[:] = [statement for statement in block if not _is_docstring(statement)]
        for value in (getattr(statement, "value", None) for statement in block):
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "key":
                value.args, value.keywords = value.args[:1], []  # of a setting its default alone
    return ast.dump(tree).encode()


def _is_docstring(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _blocks(node: ast.AST) -> Iterator[list]:
    """All blocks of statements within, not their expressions, which are many."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        if block := getattr(node, name, ()):
            yield block
            for child in block:
                yield from _blocks(child)
