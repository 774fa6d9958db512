"""Whole processes: start, listing, showing, searching, one-ticket writes, receiving a mail."""

from bench.measure import BARE, Table, deskterm, process
from deskterm.storage.driver import connect

_MAIL = b"""From: Ada <ada@example.org>\r\nTo: help@example.org\r\nSubject: No sound %d\r\n\
Message-ID: <%d@example.org>\r\n\r\nSince this morning my headset is silent.\r\n"""


def start(url: str, repeat: int) -> None:
    """Commands that read."""
    bare = process(BARE, repeat)
    table = Table("reading, whole process", bare.median)
    table.line("bare interpreter with sqlite3", bare)
    table.line("deskterm --help", process(deskterm(url, "--help"), repeat), "110")
    for name, budget, arguments in (
        ("ticket list", "120", ("ticket", "list")),
        ("ticket list (a query)", "120", ("ticket", "list", "is:open urgent:yes age>2d printer")),
        ("ticket show", "120", ("ticket", "show", "500")),
        ("search two words", "", ("search", "printer", "vpn")),
    ):
        table.line(name, process(deskterm(url, *arguments), repeat), budget)


def write(url: str, repeat: int) -> None:
    """One-ticket writes, durable."""
    bare = process(BARE, repeat)
    table = Table("one-ticket writes, whole process", bare.median)
    new = ("ticket", "new", "--from", "ada@example.org", "--subject", "Bench", "--no-input")
    table.line("ticket new", process(deskterm(url, *new), repeat), "200")
    number = _newest(url)
    for name, arguments in (
        ("ticket note", ("ticket", "note", number, "--body", "Looked at it")),
        ("ticket assign", ("ticket", "assign", number, "--to", "me")),
    ):
        table.line(name, process(deskterm(url, *arguments), repeat), "200")
    numbers = iter(range(number - repeat, number + 1))
    took = [
        process(deskterm(url, "ticket", "close", one, "--as", "spam"), 0, once=True)
        for one in numbers
    ]
    table.line("ticket close", took[0]._replace(times=[one.times[0] for one in took]), "200")


def _newest(url: str) -> int:
    database = connect(url)
    row = database.one("SELECT max(id) AS id FROM ticket")
    database.close()
    return int(row["id"]) if row else 0


def mail(url: str, repeat: int) -> None:
    """Receiving: one process a mail, durable."""
    bare = process(BARE, repeat)
    table = Table("mail in, whole process", bare.median)
    command = deskterm(url, "mail", "receive", "--envelope-to", "help@example.org")
    took = [process(command, 0, _MAIL % (place, place), once=True) for place in range(repeat + 1)]
    table.line("mail receive", took[0]._replace(times=[one.times[0] for one in took]), "120")
