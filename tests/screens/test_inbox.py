"""Received mail on screen, and the people of a ticket that came by mail."""

from typing import TYPE_CHECKING, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from deskterm.bootstrap import Desk
from deskterm.screens.inbox import InboxScreen
from deskterm.screens.ticket.screen import TicketScreen
from deskterm.widgets.line_list import LineList
from tests.builders import count, open_ticket, solved_ticket, value
from tests.mails import mail_bytes, take
from tests.screens.conftest import running, settled
from tests.screens.test_hostile_screens import drawn

if TYPE_CHECKING:
    from deskterm.app import DeskApp


def _mails(desk: Desk) -> None:
    """Two tickets, a mail nobody understands, an absence notice."""
    take(
        desk,
        mail_bytes("Printer", message_id="<1@x>"),
        mail_bytes("[b]VPN[/b] down\x1b[2J", message_id="<2@x>"),
        mail_bytes("Cheap pills", **{"from": ""}),
        mail_bytes("Away", "I am away.", auto_submitted="auto-replied"),
    )


def _here(pilot: Pilot[None]) -> InboxScreen:
    screen = pilot.app.screen
    assert isinstance(screen, InboxScreen)
    return screen


def _shown(pilot: Pilot[None]) -> list[str]:
    return [line.content.plain for line in _here(pilot).query_one(LineList)._shown]


def _words(pilot: Pilot[None], name: str) -> str:
    return str(_here(pilot).query_one(name, Static).render())


async def test_what_was_not_understood_comes_first_with_its_reason(sqlite_desk: Desk) -> None:
    _mails(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("I")
        await settled(pilot)
        (line,) = _shown(pilot)
        assert line.startswith(" ? quarantined")
        assert "it names no sender" in _words(pilot, "#about")
        await pilot.press("3")
        await settled(pilot)
        assert ["#1" in _shown(pilot)[1], "[b]VPN[/b] down" in _shown(pilot)[0]] == [True, True]
        await pilot.press("7")
        await settled(pilot)
        assert len(_shown(pilot)) == 4


async def test_enter_shows_the_mail_and_t_opens_its_ticket(sqlite_desk: Desk) -> None:
    _mails(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("I", "3")
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert _here(pilot).part.reading
        shown = str(_here(pilot).query_one("#page Static", Static).render())
        assert "Ada Moss <ada@example.org>" in shown
        assert "It is broken." in shown
        await pilot.press("escape")
        assert not _here(pilot).part.reading
        await pilot.press("t")
        await settled(pilot)
        assert isinstance(pilot.app.screen, TicketScreen)


async def test_a_mail_is_put_away_when_that_is_confirmed_and_u_brings_it_back(
    sqlite_desk: Desk,
) -> None:
    _mails(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("I")
        await settled(pilot)
        await pilot.press("d", "escape")
        await settled(pilot)
        assert len(_shown(pilot)) == 1
        await pilot.press("d", "enter")
        await settled(pilot)
        assert _shown(pilot) == []
        assert "Nothing waits for you" in _words(pilot, "#none")
        assert count(sqlite_desk, "inbox", "state = 'discarded'") == 1
        await pilot.press("u")
        await settled(pilot)
        assert len(_shown(pilot)) == 1
        await pilot.press("r")
        await settled(pilot)
        assert count(sqlite_desk, "operation", "kind = 'mail retry'") == 1


async def test_the_filter_looks_in_the_database_and_all_shown_are_moved_at_once(
    sqlite_desk: Desk,
) -> None:
    take(sqlite_desk, *(mail_bytes(f"pills {n}", **{"from": ""}) for n in range(3)))
    take(sqlite_desk, mail_bytes("rugs", **{"from": ""}))
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("I", "slash", *"pills", "enter")
        await settled(pilot)
        assert len(_shown(pilot)) == 3
        await pilot.press("D", "enter")
        await settled(pilot)
        assert "Nothing fits" in _words(pilot, "#none")
        await pilot.press("escape")
        await settled(pilot)
        assert len(_shown(pilot)) == 1


async def test_an_empty_inbox_says_how_mail_comes(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("I", "7")
        await settled(pilot)
        assert "No mail has come yet" in _words(pilot, "#none")


@pytest.mark.parametrize("right", [True, False])
async def test_c_confirms_the_requester_of_a_forward_or_sets_another(
    sqlite_desk: Desk, right: bool
) -> None:
    open_ticket(sqlite_desk)
    sqlite_desk.admin.set_technician("cy", {"email": "cy@desk.test"})
    body = "fyi\n---------- Forwarded message ----------\nFrom: Di <di@example.org>\n\nhelp"
    take(sqlite_desk, mail_bytes("Fwd: help", body, **{"from": "cy@desk.test"}))
    async with running(sqlite_desk, (80, 24)) as pilot:
        cast("DeskApp", pilot.app).go("ticket", 2)
        await settled(pilot)
        hint = str(pilot.app.screen.query_one("#hint", Static).render())
        assert "is it Di <di@example.org>'s?" in hint
        await pilot.press("c")
        await settled(pilot)
        if not right:
            pilot.app.screen.query_one("#field-who", Input).value = "Ed <ed@example.org>"
        await pilot.press("enter")
        await settled(pilot)
    assert not value(sqlite_desk, 2, "requester_unsure")
    to = "di@example.org" if right else "ed@example.org"
    assert count(sqlite_desk, "outbox", "recipient = :to", to=to) == 1


def _hint(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#hint", Static).render())


@pytest.mark.parametrize(("key", "state", "said"), [("=", "open", "yes"), ("_", "solved", "no")])
async def test_one_key_answers_what_a_mail_without_proof_asks_for(
    sqlite_desk: Desk, key: str, state: str, said: str
) -> None:
    number = solved_ticket(sqlite_desk)
    take(sqlite_desk, mail_bytes(f"Re: [#{number}]", "It is back.", cc="bo@example.org"))
    async with running(sqlite_desk, (80, 24)) as pilot:
        await settled(pilot)
        assert "? solved" in drawn(pilot)
        await pilot.press("enter")
        await settled(pilot)
        asks = "= yes _ no reopen? asked by ada@example.org, without proof (1 of 2)"
        assert asks in drawn(pilot)
        await pilot.press(key)
        await settled(pilot)
        assert value(sqlite_desk, number, "state") == state
        asks = "= yes _ no tell bo@example.org? asked by ada@example.org, without proof"
        assert _hint(pilot).startswith(asks)
        await pilot.press(key)
        await settled(pilot)
        assert "without proof" not in _hint(pilot)
    assert value(sqlite_desk, number, "state") == state
    assert count(sqlite_desk, "watcher") == (said == "yes")


async def test_capital_c_lets_somebody_hear_of_a_ticket(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("C")
        await settled(pilot)
        await pilot.press(*"bo@example.org", "enter", "enter")
        await settled(pilot)
    assert count(sqlite_desk, "watcher") == 1
