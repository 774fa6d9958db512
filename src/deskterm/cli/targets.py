"""Targets: ids, a query, or ids and JSON lines on standard input; many ask first."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from deskterm.cli.errors import say
from deskterm.cli.given import typed_lines
from deskterm.cli.options import Call
from deskterm.domain.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk


def number(text: str) -> int:
    """Give the number of `12` or `#12`; raises UsageError."""
    digits = text.strip().removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise UsageError(f"{text[:60]!r} is not a ticket number: write it like 12.")
    return int(digits)


_BOM = "\ufeff"


def all_numbers(text: str) -> list[int]:
    """Give every ticket of a list as people write it: commas, blanks, `#`; raises UsageError."""
    return [number(part) for part in text.replace(_BOM, "").replace(",", " ").split()]


def problem_named(call: Call, given: str) -> tuple[Call, str]:
    """Take the problem that is named behind the tickets (`12 13 P7`), unless an option names it."""
    last = call.target[-1] if call.target else ""
    if given or last[:1] not in ("P", "p") or not last[1:].isdigit():
        return call, given
    return call._replace(target=call.target[:-1]), last


def numbers(desk: "Desk", named: Sequence[str], query: str | None) -> list[int]:
    """Give the tickets meant by arguments, `--query` or `-`; raises UsageError."""
    if query is not None:
        if named:
            raise UsageError("give ticket numbers or --query, not both.")
        return list(desk.board.ids(query))
    if list(named) == ["-"]:
        return _from_input()
    found = [one for text in named for one in all_numbers(text)]
    if not found:
        raise UsageError(
            "which ticket? Give a number, several, --query Q, or - for standard input."
        )
    return found


def _from_input() -> list[int]:
    lines = [line.strip() for line in typed_lines()]
    if next(filter(None, lines), "") in ("{", "[") or (lines[:1] and lines[0].startswith("[")):
        return _of_document("\n".join(lines))
    found = []
    for place, text in enumerate(lines, 1):
        if text:
            found += _of_line(text, place)
    return found


def _of_document(text: str) -> list[int]:
    """Give the tickets of what `-o json` writes: an object, or an array of objects or numbers."""
    try:
        value: object = json.loads(text)
        rows = value if isinstance(value, list) else [value]
        return [number(str(one["id"] if isinstance(one, dict) else one)) for one in rows]
    except (ValueError, KeyError, RecursionError) as error:
        raise UsageError("standard input: no JSON array of ids or of objects with one.") from error


def _of_line(text: str, place: int) -> list[int]:
    """Give the tickets of a line: all that it names, or the first cell of a table's row."""
    if not text.startswith("{"):
        cell, tab, _ = text.partition("\t")
        return [number(cell)] if tab else all_numbers(text)
    try:
        value: object = json.loads(text)["id"]
    except (ValueError, KeyError, RecursionError) as error:
        raise UsageError(f"standard input, line {place}: no JSON object with an id.") from error
    return [number(str(value))]


def confirm(desk: "Desk", found: Sequence[int], call: Call, verb: str) -> None:
    """Ask before many tickets are changed; raises RefusedError where nobody can say yes."""
    if not _asks(desk, len(found), call):
        return
    told = desk.tickets.people_told(found)
    _ask(f"{verb} {len(found)} tickets ({told} people may be written to)", len(found), call)


def asked_first(desk: "Desk", count: int, call: Call, question: str) -> None:
    """Ask before many other things are changed; raises RefusedError where nobody can say yes."""
    if _asks(desk, count, call):
        _ask(question, count, call)


def agree(sentence: str, call: Call, *, needed: bool) -> None:
    """Say what will be done; where it is unusual and somebody is there, ask. RefusedError for no.

    A script is not asked: what it named by number is done, and said.
    """
    if not needed or call.dry_run:
        return
    if not can_ask(call):
        say(f"{sentence}.")
        return
    say(f"{sentence}. Type y to go on:")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RefusedError("not confirmed: nothing was changed.")


def unseen_first(call: Call, group: str) -> "Callable[[Desk, Sequence[int]], None]":
    """Say who will not see tickets any more that go to a restricted group; asks on a terminal."""

    def warn(desk: "Desk", found: Sequence[int]) -> None:
        del found
        for name, sentence in desk.handing_over.unseen().items():
            if name.casefold() == group.strip().casefold():
                if call.dry_run:
                    say(f"{sentence}.")
                agree(sentence, call, needed=True)

    return warn


def can_ask(call: Call) -> bool:
    """Tell whether somebody is there to be asked, and wants to be."""
    return sys.stdin.isatty() and not (call.yes or call.no_input or call.dry_run)


def _asks(desk: "Desk", count: int, call: Call) -> bool:
    return count > int(desk.settings["confirm_over"]) and not (call.yes or call.dry_run)


def _ask(question: str, count: int, call: Call) -> None:
    if call.no_input or not sys.stdin.isatty():
        raise RefusedError(f"{question} asks first: say --yes to do it, --dry-run to look at it.")
    say(f"{question}. Type {count} to go on:")
    if sys.stdin.readline().strip() != str(count):
        raise RefusedError("not confirmed: nothing was changed.")
