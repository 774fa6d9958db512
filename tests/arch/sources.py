"""The program's own source, read as syntax trees."""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "deskterm"


class Source(NamedTuple):
    """One file: its name below the package, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    def line(self, node: ast.AST) -> str:
        """Give the source line a node begins on."""
        return self.text.splitlines()[getattr(node, "lineno", 1) - 1]


def parsed(name: str, text: str) -> Source:
    """Read a text as a source file."""
    return Source(name, text, ast.parse(text))


@cache
def sources() -> tuple[Source, ...]:
    """Give every file of the package."""
    return tuple(
        parsed(file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
    )


def called(node: ast.AST) -> str:
    """Give the last name of what a call calls."""
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def dotted(node: ast.AST) -> str:
    """Give `a.b.c` of names and attributes; empty for anything else."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """Give a keyword argument's value."""
    return next((one.value for one in node.keywords if one.arg == name), None)
