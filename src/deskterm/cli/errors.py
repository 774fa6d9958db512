"""What goes wrong, told on stderr in one sentence, with the exit code scripts rely on."""

import os
import sys
from collections.abc import Callable
from typing import Any

from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean

INTERRUPTED = 130
UNEXPECTED = 70
_DRIVERS = ("sqlite3", "psycopg", "sqlalchemy")
"""Told by their names: help and usage errors need no driver."""


def say(text: str) -> None:
    """Talk to the person: one line on stderr, cleaned."""
    try:
        sys.stderr.write(clean(text) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody reads it any more, or its file is full


def guarded(body: Callable[[], object]) -> int:
    """Run a command and give its exit code; every failure becomes one sentence."""
    try:
        result = body()
    except KeyboardInterrupt:
        return _stopped()
    except (BrokenPipeError, SystemExit) as ended:
        return _ended(ended)
    except Exception as error:  # noqa: BLE001 - the edge: a traceback never reaches the person
        return _of_typer(error) if "typer" in sys.modules else _other(error)
    return _stopped() if result == INTERRUPTED else result if isinstance(result, int) else 0


def _of_typer(error: Exception) -> int:
    """What typer ends a command with, where it has read it; whatever else went wrong with it."""
    import typer
    from typer import _click as click

    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, click.exceptions.ClickException):
        return _usage(error)
    return _stopped() if isinstance(error, typer.Abort) else _other(error)


def _stopped() -> int:
    say("deskterm: stopped; nothing half-done was kept.")
    return INTERRUPTED


def _ended(error: BaseException) -> int:
    """Whoever read our output has gone (`| head`): no failure. click turns that into an exit."""
    if isinstance(error, BrokenPipeError) or isinstance(error.__context__, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    code = getattr(error, "code", 1)
    return code if isinstance(code, int) else 1


def _other(error: Exception) -> int:
    sentence, code = explained(error)
    say(f"deskterm: {sentence}")
    return code


def explained(error: Exception) -> tuple[str, int]:
    """Give (what went wrong in one sentence, exit code) of any error that is no usage error."""
    if isinstance(error, DeskError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        missing = isinstance(error, FileNotFoundError | IsADirectoryError)
        return f"{error.strerror or error}{where}.", 2 if missing else 5
    if isinstance(error, MemoryError):
        return "there is not enough memory for that; nothing was changed. Give less at once.", 5
    if isinstance(error, RecursionError):
        return "what was given is nested too deeply to be read; nothing was changed.", 5
    if type(error).__module__.startswith(_DRIVERS):
        said = next(iter(str(error).splitlines()), type(error).__name__)
        from deskterm.storage.rights.refusing import set_wrongly  # 1 ms, where a server refused

        wrong = set_wrongly(said) if "psycopg" in f"{type(error).__module__} {said}" else ""
        return f"the database refused it: {said}.{wrong and ' ' + wrong}", 6
    return _unexpected(error), UNEXPECTED


def _usage(error: Any) -> int:
    from typer import _click as click

    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and context is not None:
        sys.stderr.write(context.get_help() + "\n")
        return 2
    path = context.command_path if context is not None else "deskterm"
    say(f"deskterm: {error.format_message()} Try `{path} --help`.")
    return 2


def _unexpected(error: Exception) -> str:
    """A mistake of ours: one sentence, and the traceback in a file only the user can read."""
    import traceback

    from deskterm import disk
    from deskterm.paths import data_folder

    note = ""
    try:
        file = data_folder() / "last-error.txt"
        text = "".join(traceback.format_exception(error))
        disk.write(file, text.encode("utf-8", errors="replace"), replace=True)
        note = f" Details are in {file}."
    except (OSError, DeskError):
        pass
    return f"this is a mistake in deskterm ({type(error).__name__}: {error}).{note}"
