"""The mail behind a reply is one key away, with what was folded out of it."""

from deskterm.bootstrap import Desk
from deskterm.screens.dialogs.ask import OutputDialog
from tests.screens.conftest import heard, running, settled
from tests.screens.test_ticket import opened, shown
from tests.verbs import verbs

_FIRST = b"From: ada@x.test\r\nMessage-ID: <1@x>\r\nSubject: Printer\r\n\r\nBroken."
_ANSWER = (
    b"From: Ada Moss <ada@x.test>\r\nIn-Reply-To: <1@x>\r\nMessage-ID: <2@x>\r\n"
    b"Subject: Re: Printer\r\n\r\nIt works now.\r\n\r\n"
    b"On 2 Mar 2026 at 10:15, Desk <help@localhost> wrote:\r\n> Is it\r\n> plugged in?\r\n"
)


async def test_the_whole_mail_is_shown_for_the_message_in_hand(sqlite_desk: Desk) -> None:
    for raw in (_FIRST, _ANSWER):
        sqlite_desk.inbox.receive(raw)
    sqlite_desk.inbox.process()
    async with running(sqlite_desk, (80, 24)) as pilot:
        await opened(pilot, 1)
        assert "3 quoted lines: Q shows the whole mail" in shown(pilot)
        assert "plugged in" not in shown(pilot)
        await pilot.press("Q")
        await settled(pilot)
        assert isinstance(pilot.app.screen, OutputDialog)
        assert "Subject: Re: Printer" in shown(pilot)
        assert "> plugged in?" in shown(pilot)


async def test_a_message_that_came_otherwise_says_so(sqlite_desk: Desk) -> None:
    sqlite_desk.inbox.receive(_FIRST)
    sqlite_desk.inbox.process()
    verbs(sqlite_desk).note([1], body="Ping fails.")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await opened(pilot, 1)
        await pilot.press("Q")
        await settled(pilot)
        assert "did not come by mail" in heard(pilot)
