"""A ticket's text is an attacker's text: on board, ticket and intake nothing acts or crashes."""

import re
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.text import clean, storable
from deskterm.screens.call.screen import CallScreen
from tests.beside import hostile
from tests.screens.conftest import heard, running, settled, until
from tests.verbs import verbs

CLASSES = ("textual-markup", "rich-emoji", "terminal-escape", "unicode", "link", "attachment-name")
SIZE = (120, 40)
ACTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What no cell of the terminal may hold: controls, bidi, zero-width, tags, surrogates."""


def cases() -> list[dict[str, Any]]:
    """Ours and those beside us, of the classes that aim at a screen."""
    return [case for case in hostile() if case["class"].split(":")[0].startswith(CLASSES)]


def fill(desk: Desk, aimed: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """One ticket a case: its payload as subject, words, problem, note, step and name.

    The last one of every `TOGETHER` also has the files, fields and links of those before it.
    """
    tickets = {}
    for place, case in enumerate(aimed):
        payload = storable(case["payload"])
        others = [storable(one["payload"]) for one in aimed[max(0, place - TOGETHER + 1) : place]]
        address = f"eve{place}@example.org"
        request = NewTicket(
            requester=address,
            subject=payload or "(empty)",
            body=f"{payload}\nlast line",
            channel="phone",
            device=f"D{place} {payload}",
            problem=payload,
            fields={f"field {one}"[:60]: one for one in (*others, payload)},
            files=tuple(NewFile(one, one, b"x") for one in (*others, payload)),
        )
        number = desk.tickets.new(request).tickets[0]
        verbs(desk).note([number], body=f"note {payload}")
        verbs(desk).escalate([number], group="second level", summary=payload, actions=[payload])
        for other in range(max(1, number - TOGETHER + 1), number):
            verbs(desk).link([number], to=other)
        with desk.store.reading() as database:
            database.run(
                "UPDATE person SET name = :name, phone = :p, department = :p, location = :p, "
                "title = :p, segment = :p, notes = :p WHERE id = "
                "(SELECT person_id FROM person_address WHERE address = :address)",
                name=f"Eve {payload}",
                p=payload,
                address=address,
            )
        tickets[number] = case
    return tickets


def drawn(pilot: Pilot[None]) -> str:
    """The text on the terminal; fails where a cell could act or a line is not aligned."""
    width = pilot.app.size.width
    lines = []
    for strip in pilot.app.screen._compositor.render_strips():
        assert strip.cell_length == width, strip.text
        for segment in strip:
            assert not segment.control
            assert not ACTIVE.search(segment.text), repr(segment.text)
            if segment.style is not None:
                assert segment.style.link is None
                assert not [name for name in segment.style.meta if name == "@click"]
        lines.append(strip.text)
    return "\n".join(lines)


def literal(text: str, most: int = 30) -> str:
    """The beginning of a text as it must stand on the terminal."""
    return clean(text, one_line=True)[:most].strip()


COUNT = 30
"""The project's own cases of these classes, at least."""
SHARES = 6
"""What takes long is looked at in so many tests, beside each other."""
TOGETHER = 4
"""So many cases share one walk through the parts and dialogs of a ticket."""


async def test_the_board_shows_every_hostile_text_and_nothing_acts(
    sqlite_desk: Desk,
) -> None:
    tickets = fill(sqlite_desk, cases())
    assert len(tickets) >= COUNT
    async with running(sqlite_desk, SIZE) as pilot:
        for _ in tickets:
            drawn(pilot)
            await pilot.press("j")
            await settled(pilot)
        assert_alive(pilot)


@pytest.mark.parametrize("share", range(SHARES))
async def test_the_ticket_shows_every_hostile_text_literally_and_nothing_acts(
    sqlite_desk: Desk, share: int
) -> None:
    tickets = fill(sqlite_desk, cases()[share::SHARES])
    assert len(tickets) >= COUNT // SHARES
    async with running(sqlite_desk, SIZE) as pilot:
        for place, (number, case) in enumerate(tickets.items(), 1):
            await look_at_ticket(pilot, number, case["payload"])
            if place % TOGETHER == 0 or place == len(tickets):
                await walk_through(pilot)
            await pilot.press("escape")
            await settled(pilot)
        assert_alive(pilot)


@pytest.mark.parametrize("share", range(SHARES))
async def test_the_intake_shows_every_hostile_caller_literally_and_nothing_acts(
    sqlite_desk: Desk, share: int
) -> None:
    aimed = cases()[share::SHARES]
    assert len(fill(sqlite_desk, aimed)) >= COUNT // SHARES
    async with running(sqlite_desk, SIZE) as pilot:
        for place, case in enumerate(aimed):
            await look_at_caller(pilot, place, case["payload"])
        assert_alive(pilot)


def assert_alive(pilot: Pilot[None]) -> None:
    """The app runs, and nothing went wrong inside it."""
    assert pilot.app.is_running
    assert "made a mistake" not in heard(pilot)


async def look_at_ticket(pilot: Pilot[None], number: int, payload: str) -> None:
    """Open the ticket and read its head and talk."""
    payload = storable(payload)
    pilot.app.go("ticket", number)  # type: ignore[attr-defined]
    await settled(pilot)
    text = drawn(pilot)
    assert f"#{number} {literal(payload)}" in text or not payload
    if len(payload) < 60 and payload.isprintable():
        assert f"note {literal(payload)}" in text


async def walk_through(pilot: Pilot[None]) -> None:
    """Go through the ticket's parts, its dialogs of files and links, and come back."""
    for key in ("2", "3", "4", "G", "1", "g", "o"):
        await pilot.press(key)
        await pilot.pause()
        drawn(pilot)
    await pilot.press("escape")
    await pilot.press("O")
    await settled(pilot)
    drawn(pilot)
    await pilot.press("escape")
    await settled(pilot)


async def look_at_caller(pilot: Pilot[None], place: int, payload: str) -> None:
    """Find the hostile name in the intake, take it, say the hostile words, leave."""
    await pilot.press("n")
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CallScreen)
    screen.query_one("#who Input", Input).value = f"eve{place}@"
    await settled(pilot)
    assert "Eve" in drawn(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: screen.known is not None)
    screen.query_one("#what").load_text(storable(payload))  # type: ignore[attr-defined]
    await settled(pilot)
    text = drawn(pilot)
    assert f"Eve {literal(storable(payload), 20)}".strip() in text
    await pilot.press("ctrl+n", "escape")
    await settled(pilot)
