"""Nouns and verbs: a command group whose parts are built only when they are called.

typer builds every command of a group at start; with a hundred verbs that is most of a command's
time. Here the list of names is plain data, and only the verb that runs becomes a click command.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

Function = Callable[..., Any]


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


class Verb(NamedTuple):
    """One verb of a noun."""

    name: str
    function: Function
    example: str


class Noun:
    """A noun of the command line: its help and its verbs."""

    def __init__(self, name: str, help_text: str) -> None:
        self.name = name
        self.help = help_text
        self._known: dict[str, Verb] = {}
        self._later: list[str] = []

    @property
    def verbs(self) -> dict[str, Verb]:
        """Every verb; modules that were left for later are imported now."""
        while self._later:
            import_module(f"deskterm.cli.{self.name}.{self._later.pop(0)}").register(self)
        return self._known

    def find(self, name: str) -> Verb | None:
        """Give one verb; modules left for later are imported only where it is not known yet."""
        return self._known.get(name) or self.verbs.get(name)

    @property
    def alone(self) -> Verb | None:
        """The verb without a name, where the noun is one itself."""
        return self._known.get("")

    def later(self, *modules: str) -> None:
        """Name modules of the noun's package whose `register(noun)` adds verbs, when needed."""
        self._later += modules

    def verb(self, name: str, example: str) -> Callable[[Function], Function]:
        """Register a function as a verb, with an example for its help."""

        def register(function: Function) -> Function:
            self._known[name] = Verb(name, function, example)
            return function

        return register

    def group(self) -> "NounGroup":
        """Give the click group."""
        return NounGroup(noun=self)


class NounGroup(TyperGroup):
    """A group that builds a verb's command when it is asked for."""

    def __init__(self, noun: Noun) -> None:
        super().__init__(
            name=noun.name, help=noun.help, no_args_is_help=True, rich_markup_mode=None
        )
        self._noun = noun

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the verbs in the order they were written."""
        return list(self._noun.verbs)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - click's signature
        """Build one verb."""
        verb = self._noun.find(cmd_name)
        return build(verb) if verb else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - click's signature
        """List the verbs without building them."""
        rows = [(verb.name, _first_line(verb.function)) for verb in self._noun.verbs.values()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class Program(TyperGroup):
    """The root group: nouns by module name, imported when called."""

    nouns: dict[str, tuple[str, str]]
    """name → (module:attribute, help)."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the nouns in the order of the table."""
        return list(self.nouns)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - click's signature
        """Import and build one noun, or a verb that stands alone."""
        if cmd_name not in self.nouns:
            return None
        module, _, attribute = self.nouns[cmd_name][0].partition(":")
        found = getattr(import_module(f"deskterm.cli.{module}"), attribute or "noun")
        if isinstance(found, Noun):
            alone = found.alone
            return build(alone._replace(name=cmd_name)) if alone else found.group()
        return found

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - click's signature
        """List the nouns without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.nouns.items()])


def build(verb: Verb) -> Any:
    """Make the click command of a verb."""
    info = CommandInfo(
        name=verb.name,
        callback=verb.function,
        help=inspect.getdoc(verb.function),
        epilog=f"Example: {verb.example}",
        cls=None,
    )
    return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)


def _first_line(function: Function) -> str:
    text = (function.__doc__ or "").strip().splitlines()
    return text[0] if text else ""


def with_options(options: Sequence[inspect.Parameter]) -> Callable[[Function], Function]:
    """Add parameters to a verb's signature; the verb receives them as one `Call`.

    The verb's own first parameter is that; it is not an option.
    """

    def wrap(function: Function) -> Function:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        names = {option.name for option in options}

        def command(**given: Any) -> Any:
            common = {name: given.pop(name) for name in names}
            return function(_call(common), **given)

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in [*own, *options]]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {p.name: p.annotation for p in parameters}
        command.__doc__ = function.__doc__
        command.__name__ = function.__name__
        return command

    return wrap


def option(name: str, kind: Any, default: Any, *flags: str, **settings: Any) -> inspect.Parameter:
    """Give one option as a signature parameter."""
    from typing import Annotated

    annotation = Annotated[kind, typer.Option(*flags, **settings)]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def argument(name: str, kind: Any, default: Any, **settings: Any) -> inspect.Parameter:
    """Give one argument as a signature parameter."""
    from typing import Annotated

    annotation = Annotated[kind, typer.Argument(**settings)]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )
