"""The markup rule: what is drawn is a literal or a Content, never a plain `str` (design.md §5).

A small inference over the syntax trees: a value is safe when it is a literal, is made by `Content`
or rich's `Text`, comes from a function, attribute or parameter that is annotated as one of these,
or is a list of them.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.arch.sources import Source, called, keyword

CONTENT = {"Content", "Text"}
_RETURNED = {*CONTENT, "Option", "None", "list", "tuple", "Sequence", "Iterable", "Iterator"}
_DRAWN = {"Strip", "VisualType"}
SINKS: dict[str, tuple[tuple[int, str], ...]] = {
    "Static": ((0, "content"),),
    "Label": ((0, "content"),),
    "Button": ((0, "label"),),
    "Option": ((0, "prompt"),),
    "Selection": ((0, "prompt"),),
    "Tab": ((0, "label"),),
    "TabPane": ((0, "title"),),
    "Checkbox": ((0, "label"),),
    "RadioButton": ((0, "label"),),
    "Collapsible": ((99, "title"),),
    "Hit": ((1, "match_display"),),
    "DiscoveryHit": ((0, "display"),),
}
"""Call → the arguments (place, keyword) that Textual draws as markup when they are a `str`."""
KNOWN_WIDGETS = {
    *SINKS,
    "Input",
    "TextArea",
    "OptionList",
    "ContentSwitcher",
    "Rule",
    "LoadingIndicator",
    "ProgressBar",
    "Sparkline",
    "Digits",
}
"""Textual's widgets this rule understands; Digits and Sparkline draw figures only."""
_DRAW_ALL = {"OptionList", "add_options", "set_options", "render_str"}
_DRAW_LAST = {"add_option", "replace_option_prompt", "replace_option_prompt_at_index"}
_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
_METHODS = {"join", "truncate", "append", "append_text", "stylize", "pad", "expand_tabs", "rstrip"}


class Index(NamedTuple):
    """What the annotations say of names: those of one file before those of the whole package."""

    names: dict[tuple[str, str, str], set[bool]]
    """(file or "", def or attribute, name) → whether each declaration of it is Content."""

    def tells(self, file: str, kind: str, name: str) -> bool:
        """Tell whether every declaration of the name, in this file or else anywhere, is Content."""
        near = self.names.get((file, kind, name))
        return (near or self.names.get(("", kind, name))) == {True}


def index_of(files: Sequence[Source]) -> Index:
    """Read the annotations of every file."""
    index = Index({})
    for source in files:
        for node in source.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                kind, name, says = "def", node.name, _is_content(node.returns)
            elif isinstance(node, ast.AnnAssign):
                kind, name, says = "attribute", called(node.target), _is_content(node.annotation)
            else:
                continue
            for file in (source.name, ""):
                index.names.setdefault((file, kind, name), set()).add(says)
    return index


def _is_content(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    names = {called(node) for node in ast.walk(annotation)} - {""}
    if any(isinstance(node, ast.Constant) and node.value is None for node in ast.walk(annotation)):
        names.discard("None")
    return bool(names & {*CONTENT, "Option"}) and names <= _RETURNED


def _constant(node: ast.expr) -> bool:
    """Tell whether this is a module's constant, or a part of one."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name) and node.id.strip("_").isupper()


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """Give what must be safe for the whole to be safe; None where its own name decides."""
    if isinstance(node, ast.Constant):
        return []
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.List | ast.Tuple):
        return node.elts
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return [node.elt]
    return [node.value] if isinstance(node, ast.Starred) else None


class _Function:
    """One function: what its names are bound to."""

    def __init__(self, file: str, node: ast.AST, index: Index) -> None:
        self.file = file
        self.index = index
        self.values: dict[str, list[ast.expr]] = {}
        self.typed: dict[str, bool] = {}
        for inner in ast.walk(node):
            self._read(inner)

    def _read(self, node: ast.AST) -> None:
        if isinstance(node, ast.arg):
            self.typed[node.arg] = _is_content(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self.typed[node.target.id] = _is_content(node.annotation)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AugAssign | ast.For | ast.comprehension):
            value = node.value if isinstance(node, ast.AugAssign) else node.iter
            self._bind(node.target, value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
            for one, part in zip(target.elts, parts, strict=False):
                self._bind(one, part)

    def safe(self, node: ast.expr, depth: int = 0) -> bool:
        """Tell whether the expression can be drawn."""
        if depth > 8:
            return False
        if isinstance(node, ast.JoinedStr):
            holes = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
            return all(_constant(one) for one in holes)
        parts = _parts(node)
        if parts is None:
            return self._named(node, depth)
        return all(self.safe(one, depth + 1) for one in parts)

    def _named(self, node: ast.expr, depth: int) -> bool:
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if isinstance(node, ast.Subscript):
            return self.safe(node.value, depth + 1)
        if isinstance(node, ast.Attribute):
            return self.index.tells(self.file, "attribute", node.attr)
        if isinstance(node, ast.Name):
            if node.id in self.typed:
                return self.typed[node.id]
            values = self.values.get(node.id, [])
            return bool(values) and all(self.safe(one, depth + 1) for one in values)
        return False

    def _call(self, node: ast.Call, depth: int) -> bool:
        function = node.func
        if isinstance(function, ast.Name) and function.id in (*CONTENT, *SINKS):
            return True
        if isinstance(function, ast.Attribute):
            if called(function.value) in CONTENT:
                return True
            if function.attr in _METHODS:
                literal = isinstance(function.value, ast.Constant)
                return not literal and self.safe(function.value, depth + 1)
        return self.index.tells(self.file, "def", called(node))


def findings(source: Source, index: Index) -> Iterator[str]:
    """Give a sentence for each place where a plain `str` could be drawn."""
    yield from _imports(source)
    for scope in _scopes(source):
        function = _Function(source.name, scope, index)
        for node in _own(scope):
            for what in _unsafe(node, function):
                yield f"{source.name}:{getattr(node, 'lineno', 0)}: {what}"


def _scopes(source: Source) -> Iterator[ast.AST]:
    yield source.tree
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a scope without the functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield child
        yield from _own(child)


def _imports(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if not isinstance(node, ast.ImportFrom):
            continue
        names = {one.name for one in node.names}
        place = f"{source.name}:{node.lineno}"
        if node.module == "textual.widgets" and names - KNOWN_WIDGETS:
            yield f"{place}: teach the markup rule about {sorted(names - KNOWN_WIDGETS)}"
        if node.module in ("textual.markup", "rich.markup") and names & {"escape", "render"}:
            yield f"{place}: markup is never escaped or rendered; use Content(clean(s))"


def _unsafe(node: ast.AST, function: _Function) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        named = [t.attr for t in targets if isinstance(t, ast.Attribute) and t.attr in _ATTRIBUTES]
        if named and node.value is not None and not function.safe(node.value):
            yield f"{named[0]} is set to a plain str"
    if isinstance(node, ast.Call):
        yield from _unsafe_call(node, function)


def _unsafe_call(node: ast.Call, function: _Function) -> Iterator[str]:
    name = called(node)
    if name == "from_markup" and not isinstance(node.args[0], ast.Constant):
        yield "from_markup() of something that is not a literal"
    tooltip = keyword(node, "tooltip")
    drawn = [tooltip] if tooltip else []
    if not _markup_off(node):
        drawn += _drawn(node, name, function)
    if not all(function.safe(one) for one in drawn):
        yield f"{name}() draws a plain str"


def _drawn(node: ast.Call, name: str, function: _Function) -> list[ast.expr]:
    """Give the arguments of a call that Textual draws."""
    if name in SINKS:
        given = [
            node.args[place] if place < len(node.args) else keyword(node, word)
            for place, word in SINKS[name]
        ]
        return [one for one in given if one is not None]
    if name == "notify":
        title = keyword(node, "title")
        return [*node.args, *([title] if title else [])]
    if name in _DRAW_ALL:
        return node.args
    if name in _DRAW_LAST:
        return node.args[-1:]
    return node.args[:1] if name == "update" and _on_static(node.func, function) else []


def _markup_off(node: ast.Call) -> bool:
    value = keyword(node, "markup")
    return isinstance(value, ast.Constant) and value.value is False


def _on_static(target: ast.expr, function: _Function) -> bool:
    """Tell whether `x.update(…)` is a Static's or Label's, not a set's or a mapping's."""
    if not isinstance(target, ast.Attribute):
        return False
    receiver = target.value
    if isinstance(receiver, ast.Name):
        values = function.values.get(receiver.id, [])
        return any(_is_static(one) for one in values)
    return _is_static(receiver)


def _is_static(node: ast.expr) -> bool:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return bool(names & {"Static", "Label"})


def plain_renders(source: Source) -> Iterator[str]:
    """A widget's `render` says that it gives Content, Text or a Strip: a str would be markup."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and node.name in ("render", "render_line"):
            returns = ast.unparse(node.returns) if node.returns else ""
            if returns not in (*CONTENT, *_DRAWN):
                yield f"{source.name}:{node.lineno}: {node.name} gives {returns or 'anything'}"
