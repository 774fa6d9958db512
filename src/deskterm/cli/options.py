"""Options and arguments as data: what a verb takes, without the library that reads it.

A verb declares `name: Annotated[str, Option("--name", help="…")] = ""`, as for typer. `quick`
reads hot commands from these declarations alone; everything else, help, completion and refusals
are typer's, which `program` builds from the same declarations.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_origin

Function = Callable[..., Any]
Completion = Callable[[Any, str], list[tuple[str, str]]]


class Option:
    """What is given by name; without flags the parameter's own name is the flag."""

    def __init__(
        self,
        *flags: str,
        metavar: str | None = None,
        help: str | None = None,  # noqa: A002 - typer's name for it
        min: int | None = None,  # noqa: A002 - typer's name for it
        max: int | None = None,  # noqa: A002 - typer's name for it
        autocompletion: Completion | None = None,
        callback: Callable[[bool], None] | None = None,
        is_eager: bool | None = None,
    ) -> None:
        self.flags = flags
        self.given = _without_none(
            metavar=metavar,
            help=help,
            min=min,
            max=max,
            autocompletion=autocompletion,
            callback=callback,
            is_eager=is_eager,
        )


class Argument(Option):
    """What stands without a name."""


def _without_none(**given: object) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


class Call(NamedTuple):
    """What was given by the options that come to many verbs; each has its default."""

    output: str | None = None
    """table, json, jsonl, csv, tsv; None: what suits where it goes."""
    no_input: bool = False
    """Never ask."""
    dry_run: bool = False
    yes: bool = False
    op: str | None = None
    """The operation's id."""
    target: Sequence[str] = ()
    """Numbers as typed, or `-`."""
    query: str | None = None
    if_version: int | None = None
    across_clients: bool = False
    """It may go from one client to another."""
    own: Mapping[str, object] = {}
    """Options that only some verbs of a noun share, by name."""

    def given(self, name: str) -> str | None:
        """Give such an option that is a text; None where it was not given."""
        value = self.own[name]
        return None if value is None else str(value)

    def text(self, name: str) -> str:
        """Give such an option that is a text; empty where it was not given."""
        return self.given(name) or ""

    def texts(self, name: str) -> Sequence[str]:
        """Give such an option that may be given several times."""
        given = self.own[name]
        return [str(one) for one in given] if isinstance(given, list | tuple) else ()

    def flag(self, name: str) -> bool:
        """Tell whether such a switch was given."""
        return bool(self.own[name])


def _call(given: Mapping[str, object]) -> Call:
    """Give the options that were given; what is None keeps its default."""
    known = {name.removesuffix("_"): value for name, value in given.items() if value is not None}
    common = {name: value for name, value in known.items() if name in Call._fields}
    own = {name: one for name, one in given.items() if name.removesuffix("_") not in Call._fields}
    return Call(**common, own=own)  # type: ignore[arg-type]  # the options name their types


class Part(NamedTuple):
    """One parameter of a verb."""

    name: str
    kind: object
    """Its type: str, int, bool, Path, or a list of them; `X | None` where it may be left out."""
    default: object
    """`REQUIRED` where there is none."""
    how: Option


REQUIRED: object = object()
"""The default of what must be given."""


def option(name: str, kind: object, default: object, *flags: str, **given: Any) -> Part:
    """Give one option as a part that many verbs share."""
    return Part(name, kind, default, Option(*flags, **given))


def argument(name: str, kind: object, default: object, **given: Any) -> Part:
    """Give one argument as a part that many verbs share."""
    return Part(name, kind, default, Argument(**given))


def parts(function: Function) -> tuple[Part, ...]:
    """Give what a verb takes, in the order of its signature; its `Call` is left out."""
    known = getattr(function, "parts", None)
    return tuple(_read(function)) if known is None else known


def _read(function: Function) -> Iterator[Part]:
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    defaults = function.__defaults__ or ()
    by_name = dict(zip(names[code.co_argcount - len(defaults) :], defaults, strict=False))
    by_name.update(function.__kwdefaults__ or {})
    for name in names:
        said = function.__annotations__.get(name)
        if get_origin(said) is Annotated:
            kind, how = get_args(said)
            yield Part(name, kind, by_name.get(name, REQUIRED), how)


def with_options(common: Sequence[Part]) -> Callable[[Function], Function]:
    """Add parts to a verb; it receives them as one `Call`, its own first parameter."""

    def wrap(function: Function) -> Function:
        names = {part.name for part in common}

        def command(**given: object) -> object:
            common = {name: given.pop(name) for name in names}
            return function(_call(common), **given)

        command.parts = (*_read(function), *common)  # type: ignore[attr-defined]
        command.__doc__ = function.__doc__
        command.__name__ = function.__name__
        command.__module__ = function.__module__
        return command

    return wrap
