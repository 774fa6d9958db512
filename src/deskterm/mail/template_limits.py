"""How much a template may take: so much text and so many steps a letter, counted as it is filled.

The sandbox of Jinja2 keeps attributes away, not sizes: here every operation, filter, loop and shown
value is charged before it is done. A template that would take too much fails with a sentence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import wraps

from jinja2 import Template, nodes, pass_context, pass_eval_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from deskterm.domain.patterns import pattern

SOURCE = 100_000
"""The longest template, in characters."""
_ROOM, _TIMES = 300_000, 8
"""Characters that a template may handle, beside so many times what it is filled with."""
_STEP = 10
"""What a step of a loop counts, beside the text in it."""
_WIDEST, _FILLING = 1_000, 100
"""The largest width and the longest filling that a filter takes."""
_BITS = 256
_SIZED = ("batch", "center", "indent", "round", "slice", "tojson", "truncate", "wordwrap")
_WIDE = pattern(r"\d{4}|\*")
"""A width of thousands, or one given as a value, in a pattern such as `%10d`."""
_METHODS = frozenset(
    (
        *("capitalize", "casefold", "changed", "count", "cycle", "endswith", "find", "get"),
        *("index", "isalnum", "isalpha", "isdigit", "items", "keys", "lower", "lstrip"),
        *("partition", "removeprefix", "removesuffix", "rpartition", "rsplit", "rstrip", "split"),
        *("splitlines", "startswith", "strip", "swapcase", "title", "upper", "values"),
    )
)
"""Methods that make nothing larger than what they are asked of."""
_REFUSED = (nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport,
            nodes.Extends, nodes.Block)  # fmt: skip
_left: ContextVar[list[int]] = ContextVar("left")


def filled(template: Template, values: Mapping[str, object]) -> str:
    """Give a template filled with values; raises TemplateError where that takes too much."""
    token = _left.set([_ROOM + _TIMES * _weight(values, 10**12)])
    try:
        return template.render(values)
    finally:
        _left.reset(token)


class LimitedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox whose templates hold text, values, conditions and loops, within limits."""

    intercepted_binops = frozenset(("+", "*", "%", "**"))

    def __init__(self, filters: Mapping[str, Callable[..., object]], **options: object) -> None:
        super().__init__(finalize=_shown, **options)
        self.globals.clear()
        every = {**self.filters, **filters}
        self.filters = {name: _guarded(name, one) for name, one in every.items()}
        self.filters |= {"_steps": _steps, "_together": _together}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > SOURCE:
            raise TemplateSyntaxError(f"at most {SOURCE:,} characters, not {len(source):,}", 1)
        tree = _Counting().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree  # type: ignore[no-any-return]

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Do an operation that can make much of little."""
        _charge(_weight((left, right)))
        if operator == "*":
            _multiplied(left, right)
        elif operator == "%" and isinstance(left, str):
            _pattern(left)
        elif operator == "**" and isinstance(right, int):
            _raised(left, right)
        made = super().call_binop(context, operator, left, right)
        _charge(_weight(made))
        return made

    def is_safe_callable(self, obj: object) -> bool:
        """Allow the methods that make nothing larger."""
        return super().is_safe_callable(obj) and getattr(obj, "__name__", "") in _METHODS

    def call(__self, __context: Context, __obj: object, *args: object, **given: object) -> object:  # noqa: N805 - so is the base
        """Call a method, charged for what it reads."""
        _charge(_weight((getattr(__obj, "__self__", None), args, given)))
        return super().call(__context, __obj, *args, **given)


class _Counting(NodeTransformer):
    """Puts counters into loops and joins, and refuses what could repeat itself."""

    def generic_visit(self, node: nodes.Node, *args: object, **given: object) -> nodes.Node:
        if isinstance(node, _REFUSED):
            kind = type(node).__name__.lower()
            raise TemplateSyntaxError(f"a letter's words have no place for {kind!r}", node.lineno)
        return super().generic_visit(node, *args, **given)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - called by this name
        """Charge every step for the text that stands in it."""
        if node.recursive:
            raise TemplateSyntaxError("a letter's loops call no loops ('recursive')", node.lineno)
        cost = _STEP + sum(len(one.data) for one in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "_steps", nodes.Const(cost, lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - called by this name
        """Charge `~` for what it joins."""
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_together")


def _filtered(node: nodes.Node, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


def _steps(values: Iterable[object], cost: int) -> Iterator[object]:
    for one in values:
        _charge(cost)
        yield one


@pass_eval_context
def _together(context: EvalContext, values: list[object]) -> str:
    _charge(_weight(values))
    return markup_join(values) if context.autoescape else str_join(values)


@pass_context
def _shown(context: Context, value: object) -> object:
    """Charge a value before it becomes text of the letter."""
    del context
    _charge(_weight(value))
    return value


def _guarded(name: str, function: Callable[..., object]) -> Callable[..., object]:
    """Give a filter that is charged for what it reads and makes, and takes no huge widths."""
    skip = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def call(*args: object, **given: object) -> object:
        value, extra = args[skip : skip + 1], (*args[skip + 1 :], *given.values())
        _charge(_weight((value, extra)))
        for one in value:
            _charge(_grows(name, one, extra))
        made = function(*args, **given)
        if isinstance(made, Iterator):
            made = list(_steps(made, 1))
        _charge(_weight(made))
        return made

    return call


def _grows(name: str, value: object, extra: tuple[object, ...]) -> int:
    """Give how much more than it reads a filter makes; raises SecurityError for huge widths."""
    if name == "format":
        _pattern(str(value))
    words = [one for one in extra if isinstance(one, str)]
    if name in _SIZED:
        numbers = [abs(one) for one in extra if isinstance(one, int | float)]
        if max(numbers, default=0) > _WIDEST or any(len(one) > _FILLING for one in words):
            raise SecurityError(f"{name!r} takes widths up to {_WIDEST:,} and short fillings")
        lines = str(value).count("\n") + 1
        return int(lines * max([*numbers, *map(len, words)], default=0))
    if name == "replace" and len(words) > 1:
        return (str(value).count(words[0]) + 1) * len(words[1])
    if name == "join" and words and hasattr(value, "__len__"):
        return len(value) * len(words[0])
    return 0


def _multiplied(left: object, right: object) -> None:
    if _bits(left) and _bits(right):
        if _bits(left) + _bits(right) > _BITS:
            raise SecurityError("a number this large has no place in a letter")
        return
    for many, times in ((left, right), (right, left)):
        if isinstance(times, int) and not isinstance(many, int | float):
            _charge(_weight(many) * max(0, times))


def _raised(number: object, power: int) -> None:
    if max(_bits(number), abs(power)) > _BITS // 4:
        raise SecurityError("a power this large has no place in a letter")


def _pattern(text: str) -> None:
    if _WIDE.search(text):
        raise SecurityError(f"a width of thousands has no place in a letter: {text[:40]!r}")


def _bits(value: object) -> int:
    """Give how large a whole number is; 0 for what is none."""
    return max(1, value.bit_length()) if isinstance(value, int) else 0


def _charge(weight: int) -> None:
    left = _left.get()  # none while a template is compiled: then nothing is worked out in advance
    left[0] -= weight
    if left[0] < 0:
        raise SecurityError(
            f"it would make more than {_ROOM:,} characters of text: make it shorter, with fewer "
            "repetitions"
        )


def _weight(value: object, most: int | None = None) -> int:
    """Give about how many characters a value has as text; beyond `most` it stops counting."""
    most = _left.get()[0] if most is None else most
    total, waiting = 0, [value]
    while waiting and total <= most:
        one = waiting.pop()
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
            total += len(one)
        elif isinstance(one, list | tuple | set):
            waiting.extend(one)
            total += len(one)
        else:
            total += 1 + _bits(one) // 3
    return total
