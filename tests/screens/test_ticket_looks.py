"""How ticket and call intake look: both sizes, dark and light, with clock and cursor frozen."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from deskterm.app import DeskApp
from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.solutions import SolutionHint
from deskterm.guides.suggest import Suggestion
from deskterm.screens.call.known import Alike
from deskterm.screens.call.screen import CallScreen
from deskterm.screens.ticket.pages import Fitting
from deskterm.screens.ticket.screen import TicketScreen
from deskterm.widgets.status_line import StatusLine
from tests.screens.conftest import idle, settled, until
from tests.screens.test_solutions_looks import app_on
from tests.screens.test_verbs import type_text
from tests.verbs import verbs

SIZES = [(80, 24), (120, 40)]
THEMES = ["dark", "light"]
SAID = """The printer on floor 3 shows offline.
I have a meeting in ten minutes and need twelve copies.

The display is here: https://print.norrvik.example/status?p=31"""


class Frozen:
    """The time of the desk; it stands still until it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 8, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def go(self, hour: int, minute: int) -> None:
        self.at = self.at.replace(hour=hour, minute=minute)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Frozen]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    still = Frozen()
    monkeypatch.setattr(clock, "now", still.now)
    yield still
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def ticket(sqlite_desk: Desk, frozen: Frozen) -> int:
    """A ticket that was answered, noted, escalated, undone and waits; its caller has others."""
    old = new(sqlite_desk, "Dock does not charge", "The dock is dead.")
    verbs(sqlite_desk).finish([old], resolution="New power brick.", reason="confirmed by chat")
    new(sqlite_desk, "Second screen flickers", "It flickers now and then.")
    sqlite_desk.solutions.new(
        {"title": "Printer offline after a power cut", "resolution": "Print the queue anew."}
    )
    sqlite_desk.solutions.publish(1, "technicians")
    with sqlite_desk.store.reading() as database:
        database.run(
            "UPDATE person SET phone = '214', department = 'Sales', location = 'desk 3-14', "
            "title = 'Key account lead', segment = 'VIP'"
        )
    frozen.go(8, 41)
    file = NewFile("display.png", "image/png", b"x" * 48_211)
    number = new(sqlite_desk, "Printer offline P-31", SAID, category="printing", files=(file,))
    frozen.go(8, 44)
    verbs(sqlite_desk).take([number])
    verbs(sqlite_desk).note([number], body="Ping fails. Asked Mia to switch it off and on.")
    verbs(sqlite_desk).reply(
        [number], body="Hello Mia,\n\nplease switch it off and on. What does it say?"
    )
    frozen.go(8, 52)
    verbs(sqlite_desk).change([number], values={"problem": "P-31 has no address", "urgent": True})
    verbs(sqlite_desk).escalate(
        [number],
        group="second level",
        summary="Offline since the switch in 3-C was replaced; the display says 169.254.x.",
        actions=["Check port 3-C/17", "Renew the lease"],
    )
    done = verbs(sqlite_desk).note([number], body="Wrong ticket, sorry.")
    sqlite_desk.ledger.undo(done.operation_id)
    frozen.go(9, 5)
    verbs(sqlite_desk).wait([number], waiting_for="customer", reason="asked for the display")
    return number


def new(desk: Desk, subject: str, body: str, **more: Any) -> int:
    who = "Mia Ortiz <mia.ortiz@norrvik.example>"
    request = NewTicket(requester=who, subject=subject, body=body, device="LT-220", **more)
    return desk.tickets.new(request).tickets[0]


def looking(*doors: Any, keys: tuple[str, ...] = ()) -> Callable[[Pilot[None]], Any]:
    """Give what opens a screen and presses keys; `=words` types them into what has the keys."""

    async def before(pilot: Pilot[None]) -> None:
        app = cast("DeskApp", pilot.app)
        await until(pilot, lambda: app.is_open, "open")
        await settled(pilot)
        app.go(*doors)
        await settled(pilot)
        for key in keys:
            await (type_text(pilot, key[1:]) if key.startswith("=") else pilot.press(key))
            await settled(pilot)
        await until(pilot, lambda: is_still(pilot), "still")
        fit(app, app.screen_stack)
        for screen in app.screen_stack:
            for line in screen.query(StatusLine):
                line.jobs = line.facts = ""
            for area in screen.query(TextArea):
                area.cursor_blink = False
                area.show_cursor = False
            for line_of_text in screen.query(Input):
                line_of_text.cursor_blink = False
        await settled(pilot)

    return before


def fit(app: DeskApp, screens: Any) -> None:
    """Show the same suggestions whatever the suggesting learns: this is about looks."""
    solution = app.desk.solutions.show(1)
    reason = "says printer, offline; not tried yet"
    for screen in screens:
        if isinstance(screen, TicketScreen):
            guide = Suggestion("printing", "Printing does not work", 6.0, "category printing")
            screen.parts.beside.take(Fitting((SolutionHint(solution, 1.0, 1.0, reason),), (guide,)))
        if isinstance(screen, CallScreen) and screen.alike.alike.tickets:
            same = screen.alike.alike.tickets[0]._replace(reason="says printer, offline")
            screen.alike.alike = Alike((same,), (SolutionHint(solution, 1.0, 1.0, reason),))


def is_still(pilot: Pilot[None]) -> bool:
    """Tell whether what is kept and compared while somebody types has come to its end."""
    for screen in pilot.app.screen_stack:
        if isinstance(screen, TicketScreen) and screen.writer.is_open:
            return screen.writer.kept == "draft kept 09:05"
        if isinstance(screen, CallScreen):
            kept = screen.query_one(StatusLine).facts == "draft kept 09:05"
            values = screen.form.values
            whole = screen._compared == f"{values.what} {values.category}".strip()
            return (kept and whole and idle(pilot)) and (
                bool(screen.alike.alike.tickets) or "offline" not in values.what
            )
    return True


PARTS = {"talk": "1", "steps": "2", "links": "3", "facts": "4"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_ticket(
    sqlite_desk: Desk, ticket: int, snap_compare: Any, size: tuple[int, int], theme: str, part: str
) -> None:
    before = looking("ticket", ticket, keys=(PARTS[part],))
    assert snap_compare(app_on(sqlite_desk, theme), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["r", "i"])
def test_writing(
    sqlite_desk: Desk, ticket: int, snap_compare: Any, size: tuple[int, int], theme: str, kind: str
) -> None:
    before = looking("ticket", ticket, keys=(kind, "=Hello Mia, I am on my way."))
    assert snap_compare(app_on(sqlite_desk, theme), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.usefixtures("ticket")
def test_a_call_from_somebody_known(
    sqlite_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    before = looking("call", keys=("=mia", "enter", "=My printer is offline again", "f2"))
    assert snap_compare(app_on(sqlite_desk, theme), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.usefixtures("ticket")
def test_a_caller_is_looked_for(
    sqlite_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    before = looking("call", keys=("=mia",))
    assert snap_compare(app_on(sqlite_desk, theme), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.usefixtures("ticket")
def test_a_call_that_ends_solved(
    sqlite_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    before = looking("call", keys=("=mia", "enter", "=No sound", "ctrl+r"))
    assert snap_compare(app_on(sqlite_desk, theme), terminal_size=size, run_before=before)
