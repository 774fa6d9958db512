"""The command line as typer knows it: help, completion, refusals, and whatever is not quick.

typer builds every command of a group at start; with a hundred verbs that is most of a command's
time. Here the list of names is plain data, and only the verb that runs becomes a click command.
"""

import inspect
from typing import Annotated

import typer
from typer._click import Command, Context, HelpFormatter
from typer.core import TyperGroup
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

from deskterm import __version__
from deskterm.cli import output
from deskterm.cli.nouns import NOUNS, Noun, Verb, noun_of
from deskterm.cli.options import REQUIRED, Argument, Function, Part, parts
from deskterm.cli.session import flags


class NounGroup(TyperGroup):
    """A group that builds a verb's command when it is asked for."""

    def __init__(self, noun: Noun) -> None:
        super().__init__(
            name=noun.name, help=noun.help, no_args_is_help=True, rich_markup_mode=None
        )
        self._noun = noun

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the verbs in the order they were written."""
        return list(self._noun.verbs)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002 - click's signature
        """Build one verb."""
        verb = self._noun.find(cmd_name)
        return build(verb) if verb else None

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the verbs without building them."""
        rows = [(verb.name, _first_line(verb.function)) for verb in self._noun.verbs.values()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class Program(TyperGroup):
    """The root group: nouns by name, imported when called."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the nouns in the order of the table."""
        return list(NOUNS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002 - click's signature
        """Import and build one noun, or a verb that stands alone."""
        found = noun_of(cmd_name)
        if found is None:
            return None
        return build(found.alone._replace(name=cmd_name)) if found.alone else NounGroup(found)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the nouns without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in NOUNS.items()])


def build(verb: Verb) -> Command:
    """Make the click command of a verb."""
    info = CommandInfo(
        name=verb.name,
        callback=_for_typer(verb.function),
        help=inspect.getdoc(verb.function),
        epilog=f"Example: {verb.example}",
        cls=None,
    )
    return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)


def _for_typer(function: Function) -> Function:
    """Give the function with the signature that typer reads."""

    def command(**given: object) -> object:
        return function(**given)

    signed = [_parameter(part) for part in parts(function)]
    command.__signature__ = inspect.Signature(signed)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in signed}
    command.__name__ = function.__name__
    return command


def _parameter(part: Part) -> inspect.Parameter:
    kind = typer.Argument if isinstance(part.how, Argument) else typer.Option
    return inspect.Parameter(
        part.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if part.default is REQUIRED else part.default,
        annotation=Annotated[part.kind, kind(*part.how.flags, **part.how.given)],
    )


def _first_line(function: Function) -> str:
    text = (function.__doc__ or "").strip().splitlines()
    return text[0] if text else ""


app = typer.Typer(
    name="deskterm",
    cls=Program,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    help="The IT help desk that lives in a technician's terminal. Without a command: the board.",
    epilog="Example: deskterm ticket list 'urgent:yes assignee:none'",
)


def _version(wanted: bool) -> None:
    if wanted:
        output.text(f"deskterm {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Database: sqlite:///path or postgresql://…"),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="Act as this technician.")
    ] = None,
    _shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Keep the flags; without a noun open the board."""
    flags.db, flags.as_login = db, as_
    if ctx.invoked_subcommand is None:
        from deskterm.cli.board import open_board

        open_board()


def command() -> Command:
    """Give the root click command."""
    return get_command(app)
