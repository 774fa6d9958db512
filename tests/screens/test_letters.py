"""The mail queue on screen: what waits, what failed and why, and what is done about it."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from deskterm.bootstrap import Desk
from deskterm.screens.letters.screen import LettersScreen
from deskterm.screens.letters.verbs import LetterDialog
from deskterm.screens.ticket.screen import TicketScreen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until


@pytest.fixture
def mailed(sqlite_desk: Desk) -> Desk:
    """A desk with a letter that left, one that failed and one that waits."""
    open_ticket(sqlite_desk, "Printer [b]offline")
    sqlite_desk.outbox.send(at_once=True)
    open_ticket(sqlite_desk, "VPN down", requester="Bo Li <bo@example.org>")
    open_ticket(sqlite_desk, "New laptop", requester="di@example.org")
    with sqlite_desk.store.reading() as database:
        database.run(
            "UPDATE outbox SET state = 'failed', attempts = 1, "
            "error = '550 5.1.1 [b]no such user' WHERE id = 2"
        )
        database.run(
            "UPDATE outbox SET not_before = '2999-01-01T00:00:00.000000Z', "
            "created_at = '2026-11-25T08:00:00.000000Z' WHERE id = 3"
        )
    return sqlite_desk


def here(pilot: Pilot[None]) -> LettersScreen:
    screen = pilot.app.screen
    assert isinstance(screen, LettersScreen)
    return screen


def shown(pilot: Pilot[None]) -> list[str]:
    return [line.content.plain for line in here(pilot).query_one(LineList)._shown]


def words(pilot: Pilot[None], name: str) -> str:
    return str(here(pilot).query_one(name, Static).content)


def states(desk: Desk) -> list[str]:
    return [row.state for row in sorted(desk.outbox.queue(sent=True))]


async def test_failed_letters_come_first_with_their_reason(mailed: Desk) -> None:
    async with running(mailed, (80, 24)) as pilot:
        await pilot.press("M")
        await settled(pilot)
        first, second = shown(pilot)
        assert first.startswith("✗ failed")
        assert "Bo Li" in first
        assert second.startswith("… leaves in")
        assert "550 5.1.1 [b]no such user" in words(pilot, "#about")
        assert "1 failed · 1 waiting" in words(pilot, "#head")
        await pilot.press("3")
        await settled(pilot)
        assert "Printer [b]offline" in shown(pilot)[2]
        await pilot.press("slash")
        here(pilot).query_one("#filter", Input).value = "bo li"
        await pilot.press("enter")
        assert len(shown(pilot)) == 1
        await pilot.press("escape", "2")
        assert len(shown(pilot)) == 1


async def test_enter_shows_the_letter_and_t_its_ticket(mailed: Desk) -> None:
    async with running(mailed) as pilot:
        await pilot.press("M")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        dialog = pilot.app.screen
        assert isinstance(dialog, LetterDialog)
        assert "To: Bo Li <bo@example.org>" in str(dialog.query_one("#letter", Static).content)
        await pilot.press("h", "j", "space", "escape", "t")
        await settled(pilot)
        assert isinstance(pilot.app.screen, TicketScreen)


async def test_r_tries_again_and_u_takes_it_back(mailed: Desk) -> None:
    async with running(mailed) as pilot:
        await pilot.press("M")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert "Letter 2 leaves again" in heard(pilot)
        assert states(mailed)[1] in ("queued", "sent")


async def test_retrying_all_asks_first(mailed: Desk) -> None:
    async with running(mailed) as pilot:
        await pilot.press("M")
        await settled(pilot)
        await pilot.press("R")
        await pilot.pause()
        await pilot.press("escape")
        await settled(pilot)
        assert states(mailed)[1] == "failed"
        await pilot.press("R")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: states(mailed)[1] != "failed", "tried again")


async def test_x_stops_a_letter_and_u_puts_it_back(mailed: Desk) -> None:
    async with running(mailed) as pilot:
        await pilot.press("M")
        await until(pilot, lambda: isinstance(pilot.app.screen, LettersScreen), "the letters")
        await until(pilot, lambda: len(shown(pilot)) == 2, "both")
        await until(pilot, lambda: here(pilot).part.listing.has_focus, "the keys")
        await pilot.press("j")
        await until(pilot, lambda: here(pilot).part.listing.in_hand == "3", "the one that waits")
        await pilot.press("x")
        await until(pilot, lambda: states(mailed)[2] == "withdrawn", "stopped")
        await until(pilot, lambda: len(shown(pilot)) == 1, "one is left")
        await pilot.press("u")
        await until(pilot, lambda: states(mailed)[2] == "queued", "back")


async def test_p_stops_all_letters_and_goes_on(mailed: Desk) -> None:
    async with running(mailed) as pilot:
        await pilot.press("M")
        await settled(pilot)
        await pilot.press("p")
        await pilot.pause()
        pilot.app.screen.query_one("#line", Input).value = "a new server"
        await pilot.press("enter")
        await until(pilot, lambda: mailed.outbox.standing().paused, "paused")
        await settled(pilot)
        told = "Sending pauses, 1 waiting · p goes on · stopped by cy: a new server"
        assert told in words(pilot, "#head")
        await pilot.press("p")
        await until(pilot, lambda: not mailed.outbox.standing().paused, "resumed")


async def test_what_another_process_does_is_seen_without_a_key(mailed: Desk) -> None:
    async with running(mailed) as pilot:
        await pilot.press("M")
        await settled(pilot)
        with mailed.store.reading() as database:
            database.run("UPDATE outbox SET state = 'sent' WHERE id = 2")
        await until(pilot, lambda: len(shown(pilot)) == 1, "seen")


async def test_when_all_is_out_it_says_so(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await pilot.press("M")
        await settled(pilot)
        assert "No letter was ever written" in words(pilot, "#none")
        open_ticket(sqlite_desk)
        sqlite_desk.outbox.send(at_once=True)
        await pilot.press("f5")
        await settled(pilot)
        assert "All letters are out." in words(pilot, "#none")


async def test_trouble_is_in_every_head_and_a_click_leads_to_the_queue(mailed: Desk) -> None:
    async with running(mailed, (80, 24)) as pilot:
        line = pilot.app.screen.query_one(StatusLine)
        await until(pilot, lambda: line.trouble, "trouble")
        assert "mail ✗ 1 failed: 550 5.1.1 [b]no such user" in line.jobs
        text = line.render().plain
        assert "mail ✗ 1 failed" in text
        assert len(text) == 80
        line.facts, line.notices = "1,074 open", "✉ 12 notices, 1 urgent"
        text = line.render().plain
        assert "1,074 open" in text
        assert "✉ 12, 1 urgent" in text
        assert "mail ✗ 1 failed" in text
        await pilot.click(StatusLine, offset=(text.index("mail ✗"), 0))
        await settled(pilot)
        here(pilot)
