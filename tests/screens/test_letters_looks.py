"""How the mail queue looks: both sizes, dark, light and 16 colours, with the clock frozen."""

from datetime import timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.test_board_looks import AT, _frozen, app_on, keys

__all__ = ["_frozen"]
PEOPLE = {
    "Ada Moss <ada@example.org>": "Printer offline P-31",
    "Bo Lindqvist-Hartmann <bo@example.org>": "VPN down, floor 3",
    "渡辺 さくら <sakura@example.org>": "会議室のプリンターが動かない",
    "Cleo <cleo@example.org>": "New starter needs a laptop on Monday, with two screens",
    "Di Marsh <di@example.org>": "Mail",
    "Eli Ford <eli@example.org>": "[b]Bold[/b]",
}
STANDS = (
    ("failed", 1, 0, "550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown here"),
    ("queued", 2, 240, "451 4.7.1 Greylisted, please try again later"),
    ("queued", 0, 8, ""),
    ("withdrawn", 0, 0, ""),
    ("failed", 23, 0, "given up after 3 days: the mail server cannot be reached"),
    ("sent", 1, 0, ""),
)


@pytest.fixture
def queued_desk(sqlite_desk: Desk) -> Desk:
    """A desk with letters in every state."""
    for requester, subject in PEOPLE.items():
        open_ticket(sqlite_desk, subject, requester=requester, at=AT)
    with sqlite_desk.store.reading() as database:
        for number, (state, attempts, seconds, error) in enumerate(STANDS, 1):
            database.run(
                "UPDATE outbox SET state = :state, attempts = :attempts, not_before = :later, "
                "created_at = :at, sent_at = :sent, error = :error WHERE id = :id",
                state=state,
                attempts=attempts,
                later=AT + timedelta(seconds=seconds),
                at=AT,
                sent=AT if state == "sent" else None,
                error=error,
                id=number,
            )
    return sqlite_desk


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), "dark"), ((120, 40), "light"), ((80, 24), "16 colours")],
    ids=["80-dark", "120-light", "80-16"],
)
def test_the_queue(queued_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    app = app_on(queued_desk, theme)
    assert snap_compare(app, terminal_size=size, run_before=keys("M", "3"))


def test_letters_that_are_stopped_at_80_by_24(queued_desk: Desk, snap_compare: Any) -> None:
    queued_desk.outbox.pause("the new server is being set up")
    app = app_on(queued_desk, "dark")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("M"))


def test_an_empty_queue_at_80_by_24(sqlite_desk: Desk, snap_compare: Any) -> None:
    app = app_on(sqlite_desk, "dark")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("M"))
