"""The shape of the house in numbers, read from the syntax trees: classes, seams, SQL, circles.

`python -m bench.house` prints them, `test_house.py` holds each below a line that may only fall.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.arch.sources import Source, dotted, sources

TESTS = Path(__file__).resolve().parents[1]
OWN_METHODS = 20
"""A class with more methods of its own has more than one subject (style.md 18)."""
_SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+.{0,40}\sAS\s"
    r"|FROM\s+\w+\s+(AS\s|\w+\s)?(JOIN|WHERE)\s|CREATE\s+(TABLE|INDEX|UNIQUE)\s)",
    re.DOTALL,
)
_ANY = re.compile(r"\bAny\b")


class Shape(NamedTuple):
    """A class as it runs: with the bases that are ours."""

    name: str
    own: int
    """Methods that its own body defines."""
    methods: int
    """Different methods, its own bases' included."""
    bases: int
    """Classes of ours above it."""


class _Class(NamedTuple):
    methods: frozenset[str]
    bases: tuple[str, ...]


def module(source: Source) -> str:
    """Give the dotted name of a file below `deskterm`."""
    name = "deskterm." + source.name.removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


def imported(source: Source) -> Mapping[str, str]:
    """Give what each imported name stands for, as a full dotted name."""
    names: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
        elif isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.partition(".")[0]] = one.name
    return names


def _base(node: ast.expr, here: str, names: Mapping[str, str]) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    first, _, rest = dotted(node).partition(".")
    full = names.get(first, f"{here}.{first}")
    return f"{full}.{rest}" if rest else full


@cache
def _classes() -> Mapping[str, _Class]:
    found = {}
    for source in sources():
        here, names = module(source), imported(source)
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                methods = {
                    one.name
                    for one in node.body
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                }
                bases = tuple(_base(one, here, names) for one in node.bases)
                found[f"{here}.{node.name}"] = _Class(frozenset(methods), bases)
    return found


def _above(name: str) -> set[str]:
    own = {one for one in _classes()[name].bases if one in _classes()}
    return own.union(*(_above(one) for one in own)) if own else own


def shapes() -> Sequence[Shape]:
    """Give every class, the largest as it runs first."""
    every = []
    for name, one in _classes().items():
        above = _above(name)
        methods = one.methods.union(*(_classes()[each].methods for each in above))
        every.append(Shape(name, len(one.methods), len(methods), len(above)))
    return sorted(every, key=lambda shape: (-shape.methods, shape.name))


def crowded() -> Sequence[str]:
    """Give the classes with more than twenty methods of their own."""
    return [one.name for one in shapes() if one.own > OWN_METHODS]


def self_casts() -> Sequence[str]:
    """Give the places where an object says that it is something else."""
    return [
        f"{source.name}:{node.lineno}"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.Call)
        and dotted(node.func) in ("cast", "typing.cast")
        and len(node.args) == 2
        and isinstance(node.args[1], ast.Name)
        and node.args[1].id == "self"
    ]


def _words(source: Source) -> Iterator[tuple[int, str]]:
    docs = set()
    for node in source.nodes:
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            docs.add(id(body[0].value))
    for node in source.nodes:
        if id(node) in docs:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def is_sql(text: str) -> bool:
    """Tell whether a text begins as a statement does."""
    return bool(_SQL.match(text))


def sql_outside_storage() -> Sequence[str]:
    """Give the places outside `storage/` and `models/` where a text is SQL."""
    return [
        f"{source.name}:{line}"
        for source in sources()
        if not source.name.startswith(("storage/", "models/"))
        for line, text in _words(source)
        if is_sql(text)
    ]


_WRITES = frozenset(
    (
        *("put", "drop", "seen", "seen_all", "seen_ticket", "set", "add", "new", "do", "remove"),
        *("save_view", "start", "resume", "answer", "back", "edit", "skip", "note", "pause"),
        *("abandon", "finish", "hand_over", "diagnose", "begin", "end", "wish", "retire", "renew"),
    )
)
"""Methods of services that change something, as screens call them."""


def writes_by_load() -> Sequence[str]:
    """Give the places of screens where the path of reading, whose newest call wins, writes."""
    return [
        f"{source.name}:{node.lineno}"
        for source in sources()
        if source.name.startswith(("screens/", "widgets/"))
        for node in source.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("load", "ask")
        and node.args
        and isinstance(node.args[0], ast.Lambda)
        and any(
            isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr in _WRITES
            for one in ast.walk(node.args[0].body)
        )
    ]


def any_lines() -> int:
    """Count the lines that say `Any`, imports aside."""
    return sum(
        bool(_ANY.search(line)) and " import " not in line
        for source in sources()
        for line in source.text.splitlines()
    )


def undo_functions() -> Sequence[str]:
    """Give the functions named `undo` or `_undo_…` outside storage: each is a rule of its own.

    The ledger's is the rule itself.
    """
    return [
        f"{source.name}:{node.name}"
        for source in sources()
        if source.name.startswith("services/") or source.name == "bootstrap.py"
        for node in source.nodes
        if isinstance(node, ast.FunctionDef)
        and (node.name == "undo" or node.name.startswith("_undo_"))
        and source.name != "services/tickets/ledger.py"
    ]


def lines_and_files() -> tuple[int, int]:
    """Count lines and files of the program."""
    every = list(sources())
    return sum(source.text.count("\n") for source in every), len(every)


def test_lines() -> int:
    """Count the lines of the tests."""
    return sum(file.read_text(encoding="utf-8").count("\n") for file in TESTS.rglob("*.py"))


def _edges() -> Mapping[str, set[str]]:
    names = {module(source) for source in sources()}
    edges: dict[str, set[str]] = {name: set() for name in names}
    for source in sources():
        here = module(source)
        for node in source.nodes:
            for target in _targets(node):
                while target and target not in names:
                    target = target.rpartition(".")[0]
                if target and target != here and target != "deskterm":
                    edges[here].add(target)
    return edges


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module:
        for one in node.names:
            yield f"{node.module}.{one.name}"
    elif isinstance(node, ast.Import):
        for each in node.names:
            yield each.name


def circles() -> Sequence[Sequence[str]]:
    """Give the groups of modules that need each other, types and late imports included."""
    edges = _edges()
    reach = {name: _reached(name, edges) for name in edges}
    found: list[Sequence[str]] = []
    seen: set[str] = set()
    for name in sorted(edges):
        if name in seen:
            continue
        group = [other for other in sorted(reach[name]) if name in reach[other]]
        if len(group) > 1:
            found.append(group)
        seen.update(group)
    return found


def _reached(name: str, edges: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    open_ = [name]
    while open_:
        for target in edges[open_.pop()]:
            if target not in reached:
                reached.add(target)
                open_.append(target)
    return reached
