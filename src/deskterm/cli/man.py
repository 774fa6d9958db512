"""`deskterm man`: the manual page, made from the help of every command."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated

from deskterm import __version__, disk
from deskterm.cli import output
from deskterm.cli.nouns import NOUNS, Noun, Verb
from deskterm.cli.options import Option

WIDTH = 100
"""Columns of a help text on a page of the reference."""
_NARROW = 78
"""Columns of a help text on the manual page: a terminal of eighty, less its margin."""

_ABOUT = """\
deskterm is an IT help desk for the terminal. Mail, calls and walk-ups become tickets; the board
puts the right one on top; guides walk technician and customer to a fix; solutions are found again.
Without a command it opens the board; without a terminal it prints the board and ends."""

_EVERYWHERE = (
    ("--db URL", "Before the noun: the database, sqlite:///path or postgresql://…."),
    ("--as LOGIN", "Before the noun: act as this technician, where the database cannot know."),
    ("-o table|json|jsonl|csv", "After the verb: how it is told."),
    ("--dry-run", "After the verb of a change: show what would change."),
    ("--yes, --no-input", "Agree beforehand; never ask."),
    ("--op UUID", "The id of the operation: the same one again changes nothing twice."),
)
_CODES = (
    ("0", "done"),
    ("1", "some of several targets failed, each named on standard error"),
    ("2", "usage"),
    ("3", "not found"),
    ("4", "changed by someone else"),
    ("5", "not allowed: lifecycle, rights, a confirmation refused"),
    ("6", "the database is unreachable, too new, too old or damaged"),
    ("75", "mail receive: try again later"),
)
_PLACES = (
    ("DESKTERM_DB", "The database. Every setting of the machine has such a variable."),
    ("DESKTERM_PLAIN", "1: numbered prompts instead of screens, for screen readers."),
    ("NO_COLOR", "No colours."),
    ("EDITOR, VISUAL", "The editor for long texts."),
)
_FILES = (
    ("~/.config/deskterm/settings.toml", "The settings of this machine."),
    ("~/.local/share/deskterm/desk.sqlite", "The desk of one machine, and beside it its -wal."),
)

noun = Noun("man", "The manual page, made from the help.")


@noun.verb("", "deskterm man | man -l -")
def man(
    install: Annotated[bool, Option(help="Put it where `man deskterm` finds it.")] = False,
) -> None:
    """Print the manual page as `man` reads it, or put it where `man deskterm` finds it."""
    if not install:
        output.raw(page().encode())
        return
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    disk.write(place, page().encode(), replace=True, mode=0o644)
    output.text(f"Written: {place}. Read it with: man deskterm")


def _place() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "man" / "man1" / "deskterm.1"


def every_verb() -> Iterator[tuple[str, str, list[Verb]]]:
    """Give each noun with its help and its verbs, in the order of the table."""
    for name, (place, text) in NOUNS.items():
        module, _, attribute = place.partition(":")
        found: Noun = getattr(import_module(f"deskterm.cli.{module}"), attribute or "noun")
        yield name, text, list(found.verbs.values())


def help_of(verb: Verb, path: str, width: int = WIDTH) -> str:
    """Give the help of a verb as it is printed, without blanks at the ends of lines."""
    from typer._click import Context

    from deskterm.cli.program import build

    command = build(verb._replace(name=path.rpartition(" ")[2]))
    context = Context(
        command, info_name=path, terminal_width=width, max_content_width=width, color=False
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def page() -> str:
    """Give the manual page in man(7)'s macros; nothing in it depends on this machine."""
    parts = [
        f'.TH DESKTERM 1 "" "deskterm {__version__}"',
        ".SH NAME\ndeskterm \\- the IT help desk that lives in a technician's terminal",
        ".SH SYNOPSIS\n.B deskterm\n[\\-\\-db URL] [\\-\\-as LOGIN] [noun [verb] [options]]",
        f".SH DESCRIPTION\n{_escaped(_ABOUT)}",
        f".SH OPTIONS\n{_list(_EVERYWHERE)}",
        ".SH COMMANDS",
    ]
    for name, text, verbs in every_verb():
        parts.append(f".SS {_escaped(f'{name}: {text}')}")
        for verb in verbs:
            told = help_of(verb, f"deskterm {name} {verb.name}".strip(), _NARROW)
            parts.append(f".PP\n.nf\n{_escaped(told)}\n.fi")
    parts += [
        f".SH EXIT STATUS\n{_list(_CODES)}",
        f".SH ENVIRONMENT\n{_list(_PLACES)}",
        f".SH FILES\n{_list(_FILES)}",
    ]
    return "\n".join(parts) + "\n"


def _list(rows: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f".TP\n.B {_escaped(term)}\n{_escaped(text)}" for term, text in rows)


def _escaped(text: str) -> str:
    """Give text that acts on nothing: no escape, and no line that begins a request."""
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line[:1] in {".", "'"} else line for line in safe.split("\n"))
