"""Whole processes: what each command costs beside a bare interpreter, and its goal.

The commands take turns, so that whatever else the machine does falls on all alike; processor time
counts, for others lengthen it least. A goal that is missed is printed as missed.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from statistics import median
from time import time_ns
from typing import NamedTuple

from bench.measure import BARE, Took, deskterm, process
from deskterm.storage.driver import connect

_MAIL = b"""From: Ada <ada@example.org>\r\nTo: help@example.org\r\nSubject: No sound %d\r\n\
Message-ID: <%d@example.org>\r\n\r\nSince this morning my headset is silent.\r\n"""
_COMMAND, _RECEIVE, _SERVER = 5.0, 4.5, 1.5
"""At most so many times a bare interpreter; on PostgreSQL, so many times the same on SQLite."""
_IDLE = 500
"""Milliseconds of a turn of the jobs with nothing due."""


class _Row(NamedTuple):
    name: str
    run: Callable[[], Took]
    goal: float | None = _COMMAND


def start(url: str, repeat: int, server: str | None = None) -> None:
    """Measure every command on one desk, and on a server's beside it where one is named."""
    here = _measured([_Row("bare", _bare, None), *_rows(url)], repeat)
    print("\nwhole processes, processor time (a bare interpreter with sqlite3 is 1)")
    print(f"{'':<28}{'cpu':>9}{'x bare':>9}{'goal':>7}")
    _bare_line(here)
    for row in _rows(url):
        _line(row.name, here[row.name], here["bare"], row.goal)
    _idle(url, repeat)
    if server is not None:
        _beside(url, server, repeat)


def _beside(url: str, server: str, repeat: int) -> None:
    """The same commands on a server and on SQLite in turn; each goal is a ratio of the two."""
    pairs = [
        row._replace(name=f"{row.name}{where}")
        for name, where in ((url, ""), (server, " °"))
        for row in _rows(name)
    ]
    took = _measured([_Row("bare", _bare, None), *pairs], repeat)
    print("\non PostgreSQL (the same on SQLite is 1)")
    print(f"{'':<28}{'cpu':>9}{'x SQLite':>9}{'goal':>7}")
    for row in _rows(url):
        if row.goal is not None:
            _line(row.name, took[f"{row.name} °"], took[row.name], _SERVER)
    _idle(server, repeat)


def _rows(url: str) -> Iterable[_Row]:
    def run(*arguments: object, stdin: bytes = b"") -> Took:
        return process(deskterm(url, *arguments), 0, stdin, once=True)

    mails = count(time_ns())
    new = ("ticket", "new", "--from", "ada@example.org", "--subject", "Bench", "--no-input")
    query = "is:open urgent:yes age>2d printer"
    yield _Row("ticket list", lambda: run("ticket", "list"))
    yield _Row("ticket list (a query)", lambda: run("ticket", "list", query))
    yield _Row("ticket show", lambda: run("ticket", "show", 500))
    yield _Row("search two words", lambda: run("search", "printer", "vpn"))
    yield _Row("ticket new", lambda: run(*new))
    yield _Row("ticket note", lambda: run("ticket", "note", _newest(url), "--body", "Seen"))
    yield _Row("ticket assign", lambda: run("ticket", "assign", _newest(url), "--to", "me"))
    yield _Row("ticket close", lambda: run("ticket", "close", _newest(url), "--as", "spam"))
    yield _Row("mail receive", lambda: _receive(run, next(mails)), _RECEIVE)
    yield _Row("--help", lambda: run("--help"), None)


def _receive(run: Callable[..., Took], number: int) -> Took:
    mail = _MAIL % (number, number)
    return run("mail", "receive", "--envelope-to", "help@example.org", stdin=mail)


def _newest(url: str) -> int:
    database = connect(url)
    row = database.one("SELECT max(id) AS id FROM ticket")
    database.close()
    return int(row["id"]) if row else 0


def _bare() -> Took:
    return process(BARE, 0, once=True)


def _measured(rows: Iterable[_Row], repeat: int) -> Mapping[str, float]:
    """Give the median processor time of each, in milliseconds; the first round only warms up."""
    kept = list(rows)
    rounds = [[row.run().cpu for row in kept] for _ in range(repeat + 1)][1:]
    columns = zip(*rounds, strict=True)
    return {row.name: median(times) for row, times in zip(kept, columns, strict=True)}


def _bare_line(took: Mapping[str, float]) -> None:
    print(f"{'bare':<28}{took['bare']:7.0f}ms{1:9.1f}")


def _line(name: str, took: float, base: float, goal: float | None) -> None:
    ratio = took / base
    wanted = "" if goal is None else f"{goal:7.1f}{'  missed' if ratio > goal else ''}"
    print(f"{name:<28}{took:7.0f}ms{ratio:9.1f}{wanted}")


def _idle(url: str, repeat: int) -> None:
    """A turn of the jobs once nothing is due any more: on the wall, as whoever waits feels it."""
    command = deskterm(url, "work", "--once")
    process(command, 2)
    took = process(command, repeat)
    wall = f"{took.median:7.0f}ms{_IDLE:5}ms{'  missed' if took.median > _IDLE else ''}"
    print(f"{'work --once, nothing due':<28}{took.cpu:7.0f}ms{wall}")
