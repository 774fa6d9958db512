"""Mail is fetched by IMAP: kept before it is marked, once, whatever breaks (semantics.md §1)."""

from collections.abc import Iterator

import pytest

from deskterm.bootstrap import Desk
from deskterm.settings import Settings, Value
from tests.mail.imap_server import PASSWORD, USER, Line, Server, imap_server, line_to

QUARANTINED = b"Subject: from nobody\r\n\r\nwho am I"


def mail(number: int, text: str = "the printer is on fire") -> bytes:
    """Give a mail of its own."""
    head = (
        f"From: ada@example.org\r\nSubject: trouble {number}\r\nMessage-ID: <{number}@example.org>"
    )
    return f"{head}\r\n\r\n{text}\r\n".encode()


def knowing(desk: Desk, **commands: str) -> None:
    """Let the machine's settings know commands that print passwords or tokens."""
    values: dict[str, Value] = dict(desk.settings._values)
    for name, command in commands.items():
        values[f"imap_{name}_commands"] = Value({f"{USER}@127.0.0.1": command}, "file")
    desk.settings = Settings(values, "cy")


def mailbox(desk: Desk, port: int, name: str = "help", **typed: str) -> None:
    """Add a mailbox on this machine."""
    knowing(desk, password=f"echo '{PASSWORD}'")
    options = {"host": "127.0.0.1", "port": str(port), "security": "none", "user": USER}
    desk.mailboxes.add(name, "imap", {"address": f"{name}@example.org"}, {**options, **typed})


@pytest.fixture
def server() -> Iterator[Server]:
    with imap_server() as running:
        yield running


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with line_to(server.port) as laid:
        yield laid


def fetched(desk: Desk) -> tuple[int, int, str]:
    (one,) = desk.mailboxes.fetch()
    return one.kept, one.copies, one.trouble


def test_mail_becomes_tickets_and_is_marked_as_read(desk: Desk, server: Server) -> None:
    mailbox(desk, server.port)
    server.put(mail(1), mail(2))
    assert fetched(desk) == (2, 0, "")
    assert desk.inbox.process().tickets == 2
    assert [seen for _, seen in server.mails()] == [True, True]
    assert fetched(desk) == (0, 0, "")
    assert desk.mailboxes.get("help").status.startswith("✓ last looked")
