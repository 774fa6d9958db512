"""The root command: flags before the noun, the table of nouns, the board without arguments."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import UnsupportedOperation
from typing import Annotated, Any

import typer
from typer.main import get_command

from deskterm import __version__
from deskterm.cli import output
from deskterm.cli.errors import guarded
from deskterm.cli.nouns import Program
from deskterm.cli.session import flags

NOUNS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Open a lifelike company to try everything on"),
    "ticket": ("ticket", "Open, list, show and change tickets"),
    "undo": ("ledger:undo", "Take back your last operation, or a named one"),
    "redo": ("ledger:redo", "Take the last undo back"),
    "log": ("ledger:log", "What was done, by whom and when"),
    "search": ("search", "Find tickets, people, solutions and guides"),
    "person": ("person", "Requesters: list, show, set, merge, import"),
    "group": ("group", "Groups of technicians"),
    "absence": ("absence", "Who is off, until when, and who stands in"),
    "workload": ("absence:workload", "Who has what in hand"),
    "category": ("category", "The tree of categories"),
    "field": ("field", "Drop-down fields of the desk's own"),
    "service": ("records:service", "What the desk offers"),
    "site": ("records:site", "Places where people work"),
    "device": ("records:device", "Machines and things that people use"),
    "technician": ("records:technician", "Whoever works on tickets"),
    "mailbox": ("records:mailbox", "Where mail comes from, as records"),
    "template": ("records:template", "The words of letters, as records"),
    "org": ("org", "Client organisations"),
    "rule": ("rule", "Rules of the desk's own for new tickets"),
    "view": ("view", "Saved views of the board"),
    "guide": ("guide", "Troubleshooting guides: run, check, import"),
    "solution": ("solution", "Solutions: draft, review, publish, site"),
    "problem": ("problem", "One cause behind several tickets: known errors, incidents"),
    "insight": ("insight", "How the desk works: nine steps, mistakes, reports"),
    "announce": ("announce", "Say something to everyone until it ends: on the board"),
    "triage": ("triage", "What fits a ticket: solutions, guides, like tickets"),
    "mail": ("mail", "Mail in and out"),
    "import": ("import_", "Bring tickets from elsewhere"),
    "export": ("export", "Write everything to a folder"),
    "notices": ("notices", "What you are told of: list, seen"),
    "me": ("me", "Yourself: your address, and what you are told of"),
    "focus": ("me:focus", "Close the door for an hour: what is not urgent waits"),
    "work": ("work", "Do the jobs: inbox, outbox, reminders"),
    "db": ("db", "The database: init, status, upgrade, backup, restore, check"),
    "settings": ("settings", "Settings and where they come from"),
    "doctor": ("doctor", "What works here and what to do about the rest"),
}
"""name → (module in deskterm.cli, optionally :attribute; help)."""

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


def command() -> Any:
    """Give the root click command."""
    group = get_command(app)
    group.nouns = NOUNS  # type: ignore[attr-defined]
    return group


def run(arguments: Sequence[str]) -> int:
    """Run the command line with these arguments and give the exit code."""
    _prepare_streams()

    def body() -> Any:
        result = command().main(args=list(arguments), prog_name="deskterm", standalone_mode=False)
        sys.stdout.flush()
        return result

    return guarded(body)


_ERRORS = {"stdin": "surrogateescape", "stdout": "backslashreplace", "stderr": "backslashreplace"}
"""What becomes of bytes that are no UTF-8, and of text that no bytes can carry."""


def _prepare_streams() -> None:
    """Speak UTF-8 whatever the locale says; a stream that was closed becomes the null device."""
    for name, errors in _ERRORS.items():
        stream = getattr(sys, name)
        if stream is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for good
        elif hasattr(stream, "reconfigure"):
            with suppress(UnsupportedOperation):  # somebody has read from it already
                stream.reconfigure(encoding="utf-8", errors=errors)
