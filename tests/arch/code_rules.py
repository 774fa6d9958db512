"""Rules of the house that ruff cannot hold: who may speak, catch, call, format and read the clock.

Each rule gives sentences `file:line: what`, for a node of a file.
"""

import ast
import re
from collections.abc import Callable, Iterator

from tests.arch.sources import Source, called, dotted, keyword

PURE = ("domain/", "triage/", "guides/", "calendars/", "reports/")
CLOCK = "domain/clock.py"
STDOUT = "cli/output.py"
STDERR = ("cli/errors.py", "cli/progress.py")
OWN_TEMPLATES = {"demo/scene.py"}
"""The demo's plots ship with the program; what fills them is made of its own names."""
WRITERS = ("disk.py", "cli/editor.py", "screens/editing.py")
"""What an editor is given lies in a private folder of its own, which goes with it."""
_MODE = re.compile(r"[rwax][bt+]*[wax+][bt+]*|[wax][bt+]*")
MOST_LINES = 400
MOST_STATEMENTS = 40
_REASON = re.compile(r"# noqa: [A-Z0-9, ]*BLE001\b.{0,40} - \S")
_SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
_FORBIDDEN = {"mktemp", "sendmail"}
_MODULES = {"pickle", "marshal", "shelve", "yaml", "rich.console", "rich.markup"}
_READS = {"read_text", "read_bytes", "write_text", "write_bytes", "utcnow", "today", "urlopen"}
_EXCUSE = re.compile(r"# noqa: S608\s*$")
JUDGED = (ast.Module, ast.Call, ast.ExceptHandler, ast.Import, ast.ImportFrom)
"""The kinds of node that any rule speaks of."""
Rule = Callable[[Source, ast.AST], Iterator[str]]


def findings(source: Source) -> Iterator[str]:
    """Give a sentence for each broken rule."""
    for node in source.nodes:
        for rule in RULES if isinstance(node, JUDGED) else ():
            for what in rule(source, node):
                yield f"{source.name}:{getattr(node, 'lineno', 0)}: {what}"


def oversized(source: Source) -> Iterator[str]:
    """Give a sentence for a file over 400 lines, a function over 40 statements."""
    lines = source.text.count("\n")
    if lines > MOST_LINES and "migrations/versions" not in source.name:
        yield f"{source.name}: {lines} lines"
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = sum(isinstance(one, ast.stmt) for one in ast.walk(node)) - 1
            if inside > MOST_STATEMENTS and "migrations/versions" not in source.name:
                yield f"{source.name}:{node.lineno}: {node.name} has {inside} statements"


def _speaks(source: Source, node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    name = dotted(node.func)
    if source.name != STDOUT and (
        name in ("print", "typer.echo", "click.echo", "typer.secho", "pprint")
        or name.startswith(("sys.stdout.write", "sys.stdout.buffer", "sys.__stdout__"))
    ):
        yield f"{name} outside {STDOUT}"
    if source.name not in STDERR and name == "sys.stderr.write":
        yield f"{name} outside {STDERR[0]}"


def _catches(source: Source, node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.ExceptHandler):
        return
    caught = {called(one) for one in ast.walk(node.type)} if node.type else {"Exception"}
    if not caught & {"Exception", "BaseException"}:
        return
    last = node.body[-1]
    raised = isinstance(last, ast.Raise) and last.exc is None
    if not raised and not _REASON.search(source.line(node)):
        yield "catches everything without `noqa: BLE001 - reason`"


def _calls(source: Source, node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    shell = keyword(node, "shell")
    if dotted(node.func) in _SHELLS or (isinstance(shell, ast.Constant) and shell.value):
        yield "a shell is started"
    name = called(node)
    if name in _FORBIDDEN or dotted(node.func) in ("eval", "exec", "compile"):
        yield f"{name}() is not used here"
    if dotted(node.func) in ("yaml.load", "yaml.full_load", "yaml.unsafe_load"):
        yield "YAML is loaded with ruamel, safely"
    kind = keyword(node, "typ")
    if name == "YAML" and (not isinstance(kind, ast.Constant) or kind.value not in ("safe", "rt")):
        yield "YAML() names typ='safe' or typ='rt'"
    if name == "Environment" and "Sandboxed" not in dotted(node.func):
        yield "templates are sandboxed"


def _imports(source: Source, node: ast.AST) -> Iterator[str]:
    names = {one.name for one in node.names} if isinstance(node, ast.Import) else set()
    if isinstance(node, ast.ImportFrom) and node.module:
        names = {node.module}
    for name in names & _MODULES:
        yield f"{name} is not used here"


def _formats(source: Source, node: ast.AST) -> Iterator[str]:
    """`str.format` reads attributes of its arguments: the template must be a constant."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr not in ("format", "format_map") or source.name in OWN_TEMPLATES:
        return
    base = node.func.value
    while isinstance(base, ast.Subscript | ast.Attribute):
        base = base.value
    parts = base.args if isinstance(base, ast.Call) and called(base) == "pick" else [base]
    constant = any(isinstance(one, ast.Name) and one.id.strip("_").isupper() for one in parts)
    if not isinstance(base, ast.Constant) and not constant:
        yield "format() of a template that is no constant"


def _pure(source: Source, node: ast.AST) -> Iterator[str]:
    """A pure package reads no clock and no file."""
    if not source.name.startswith(PURE) or source.name == CLOCK or not isinstance(node, ast.Call):
        return
    name = dotted(node.func)
    if name == "open" or called(node) in _READS or name.startswith("os."):
        yield f"{name or called(node)}() in a pure package"
    if name.endswith((".now", ".time", ".monotonic")) or name in ("now", "uuid4", "random"):
        yield f"{name}() in a pure package: the time is an argument"


def _excuses(source: Source, node: ast.AST) -> Iterator[str]:
    """SQL text that is put together says of what: only constants may be in it."""
    if isinstance(node, ast.Module):
        for place, line in enumerate(source.text.splitlines(), 1):
            if _EXCUSE.search(line) and "migrations" not in source.name:
                yield f"line {place}: noqa: S608 without a reason"


def _writes(source: Source, node: ast.AST) -> Iterator[str]:
    """Files are written in one place: privately, whole or not at all, never through a link."""
    if source.name in WRITERS or not isinstance(node, ast.Call):
        return
    name, whole = called(node), dotted(node.func)
    if whole.partition(".")[0] in ("part", "self"):
        return  # what `disk.part_of` lends; a method of one's own
    creates = whole == "os.open" and "O_CREAT" in ast.dump(node)
    if creates or name in ("write_text", "write_bytes", "mkstemp"):
        yield f"{whole or name}() outside {WRITERS[0]}"
    if name == "open" and whole != "os.open" and _is_for_writing(node):
        yield f"open() for writing outside {WRITERS[0]}"


def _is_for_writing(node: ast.Call) -> bool:
    modes = [*node.args, *(one.value for one in node.keywords if one.arg == "mode")]
    texts = {one.value for one in modes if isinstance(one, ast.Constant)}
    return any(isinstance(text, str) and _MODE.fullmatch(text) for text in texts)


RULES: tuple[Rule, ...] = (
    _speaks,
    _catches,
    _calls,
    _imports,
    _formats,
    _pure,
    _excuses,
    _writes,
)
