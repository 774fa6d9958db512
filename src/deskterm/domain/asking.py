"""How something is asked for: a request is a value, and `How` says under which conditions it runs.

A request compares by what it asks, is never falsy, cannot be changed, and goes through JSON: it can
be shown, stored and asked again. Its classes are made in a tenth of a data class's time: a ticket
command has 120 ms in all (decision 0009).
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform, get_args

from deskterm.domain.errors import UsageError

T = TypeVar("T")


class How(NamedTuple):
    """The conditions of one request: which operation, a trial or not, what was seen, whose."""

    op_id: str | None = None
    """The operation's id (a UUID): asking again under it does nothing twice. None: a new one."""
    dry: bool = False
    """Say what would change, change nothing."""
    seen: Mapping[int, int] | None = None
    """Number → the version somebody saw; None where it does not matter."""
    strict: bool = False
    """Whether entries that change no field clash too, as scripts want it (`--if-version`)."""
    actor: str | None = None
    """Who acts; None: whoever opened the desk."""
    across: bool = False
    """Whether it may go from one client to another (`domain/clients`)."""


NOW = How()
"""A new operation on things as they are, in one's own name."""


@dataclass_transform(frozen_default=True)
class Request:
    """What somebody asks for, as a value. Its fields are annotations, like a data class's."""

    verb: ClassVar[str]
    """The lifecycle's word for it (`domain/lifecycle`); the kind of its operation."""
    name: ClassVar[str]
    """The request's own word, in JSON: `hand-back`."""
    kinds: ClassVar[dict[str, "type[Request]"]] = {}
    """name → class of every request there is."""
    hints: ClassVar[dict[str, object]]
    """field → type, in order."""

    def __init_subclass__(cls, verb: str = "") -> None:
        letters = (f"-{one.lower()}" if one.isupper() else one for one in cls.__name__)
        cls.name = "".join(letters).removeprefix("-")
        cls.verb = verb or cls.name
        own = cls.__annotations__ if "__annotations__" in cls.__dict__ else {}
        cls.hints = {**getattr(cls, "hints", {}), **own}
        if not cls.__name__.startswith("_"):
            Request.kinds[cls.name] = cls

    def __init__(self, *given: object, **named: object) -> None:
        fields = type(self).hints
        values = {**dict(zip(fields, given, strict=False)), **named}
        missing = [one for one in fields if one not in values and not hasattr(type(self), one)]
        if len(given) > len(fields) or len(values) < len(given) + len(named):
            raise TypeError(f"{self.name}: a field is given twice or there are too many")
        if missing or not values.keys() <= fields.keys():
            raise TypeError(f"{self.name} has the fields {', '.join(fields)}")
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a request is not changed: make another {self.name}")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.values() == getattr(other, "values", dict)()

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.given().items())
        return f"{type(self).__name__}({told})"

    @property
    def stays(self) -> bool:
        """Whether the ticket keeps its state, though the verb could lead to another one."""
        return False

    @property
    def changes(self) -> tuple[int, ...]:
        """Other tickets that it changes beside its targets; they are locked together."""
        return ()

    def check(self) -> str:
        """Give the sentence of what is missing or wrong in it; empty: nothing."""
        return ""

    def values(self) -> dict[str, object]:
        """Give every field's value."""
        return {name: getattr(self, name) for name in self.hints}

    def given(self) -> dict[str, Any]:
        """Give the values that are not the default."""
        kind, missing = type(self), object()
        return {n: v for n, v in self.values().items() if v != getattr(kind, n, missing)}

    def to_json(self) -> dict[str, object]:
        """Give the request as JSON has it: its name under `do`, and what is not the default."""
        return {"do": self.name, **{name: _plain(value) for name, value in self.given().items()}}


def request_of(json: Mapping[str, object]) -> Request:
    """Give the request that JSON holds; raises UsageError for what it does not know."""
    name = str(json.get("do"))
    if name not in Request.kinds:
        for few in ("visits", "times", "checklists"):
            import_module(f"deskterm.domain.{few}")
    kind = Request.kinds.get(name)
    if kind is None:
        known = ", ".join(sorted(Request.kinds))
        raise UsageError(f"there is no request {json.get('do')!r}; there are {known}.")
    strange = sorted(set(json) - set(kind.hints) - {"do"})
    if strange:
        known = ", ".join(kind.hints) or "no fields"
        raise UsageError(f"{kind.name} has no {strange[0]!r}; it has {known}.")
    values = {n: _read(kind, n, value) for n, value in json.items() if n != "do"}
    try:
        return kind(**values)
    except TypeError as error:
        raise UsageError(f"{error}; given were {', '.join(values) or 'none'}.") from None


def _plain(value: object) -> object:
    """Give a value as JSON has it; bytes become base64, tuples lists."""
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if hasattr(value, "__annotations__"):
        return {name: _plain(getattr(value, name)) for name in value.__annotations__}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _read(kind: type[Request], name: str, value: object) -> object:
    try:
        return _reader(kind.hints[name])(value)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise UsageError(f"{kind.name}: {name} cannot be {str(value)[:60]!r}.") from None


def _reader(kind: Any) -> Callable[[Any], Any]:
    """Give what reads a JSON value as a field of that type."""
    if kind in (str, int, bool, type(None)):
        return lambda value: _exactly(kind, value)
    if kind is bytes:
        return lambda value: a2b_base64(_exactly(str, value), strict_mode=True)
    parts = get_args(kind)
    if type(None) in parts:
        inner = _reader(next(one for one in parts if one is not type(None)))
        return lambda value: None if value is None else inner(value)
    if parts and parts[-1] is Ellipsis:
        each = _reader(parts[0])
        return lambda value: tuple(each(one) for one in _exactly(list, value))
    if parts:
        key, one = parts[0], _reader(parts[1])
        return lambda value: {key(k): one(v) for k, v in _exactly(dict, value).items()}
    hints = kind.__annotations__
    return lambda value: kind(**{n: _reader(hints[n])(v) for n, v in _exactly(dict, value).items()})


def _exactly(kind: type[T], value: object) -> T:
    """Give the value; raises TypeError where it is of another type (True is no number)."""
    if type(value) is not kind:
        raise TypeError
    return value
