"""The program's own source, read as syntax trees."""

import ast
import gc
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "deskterm"


READS_ALL = pytest.mark.xdist_group("source")
"""What reads every file is done by one worker: each would parse all of them again."""


class Source(NamedTuple):
    """One file: its name below the package, its text and its tree."""

    name: str
    text: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    """Every node of the tree, as `ast.walk` gives them."""

    def line(self, node: ast.AST) -> str:
        """Give the source line a node begins on."""
        return self.text.splitlines()[getattr(node, "lineno", 1) - 1]


def parsed(name: str, text: str) -> Source:
    """Read a text as a source file."""
    tree = ast.parse(text)
    return Source(name, text, tree, tuple(ast.walk(tree)))


@cache
def sources() -> tuple[Source, ...]:
    """Give every file of the package."""
    gc.disable()
    every = tuple(
        parsed(file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
    )
    gc.enable()
    gc.freeze()  # millions of nodes that stay: the collector need not look at them again
    return every


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
