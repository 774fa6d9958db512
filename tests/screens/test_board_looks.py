"""How the board looks: both sizes, dark and light and sixteen colours, with the clock frozen."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.widgets.status_line import StatusLine
from tests.builders import open_ticket
from tests.screens.conftest import StillApp, settled, until
from tests.verbs import verbs

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SIZES = [(80, 24), (120, 40)]
SUBJECTS = (
    "VPN down, floor 3",
    "VPN, cannot reach the CRM",
    "Printer offline P-31",
    "New starter needs a laptop on Monday, with two screens and a phone",
    "Outlook asks for the password again and again",
    "[bold]Screen[/bold] flickers [@click=app.quit]here[/]",
    "会議室のプリンターが動かない",
    "VPN: no route to host",
)
PEOPLE = ("Mia Ortiz", "Oli Brand", "Ana Petrov", "Ben Lindqvist-Okonkwo", "Zoë Åkesson")


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(clock, "now", lambda: AT)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def full_desk(sqlite_desk: Desk) -> Desk:
    """A desk with tickets in every state."""
    for place in range(48):
        name = PEOPLE[place % len(PEOPLE)]
        open_ticket(
            sqlite_desk,
            SUBJECTS[place % len(SUBJECTS)],
            requester=f"{name} <p{place % len(PEOPLE)}@example.org>",
            urgent=place % 9 == 0,
            body="Since lunch it says no route.\n\nCould you have a look, please?",
            category="network/vpn" if "VPN" in SUBJECTS[place % len(SUBJECTS)] else None,
            at=AT - timedelta(hours=place * 7, minutes=place * 11),
        )
    desk = verbs(sqlite_desk)
    desk.take([2, 9, 12, 19, 28])
    desk.wait(
        [9, 12], "customer", until=AT + timedelta(days=2), reason="Asked for the serial number"
    )
    desk.solve([28, 30], "Restarted the gateway.")
    desk.escalate([19], "Second level", "Ping fails; cable swapped.", ["Check the switch"])
    desk.close([40], "spam")
    return sqlite_desk


def app_on(desk: Desk, theme: str) -> DeskApp:
    chosen = settings.load({"db": desk.store.url, "theme": theme}, as_login="cy")
    return StillApp(cast("Any", lambda: open_desk(chosen)), chosen)


def keys(*pressed: str) -> Callable[[Pilot[None]], Any]:
    """Give what waits for the board and presses keys, each after the one before has settled."""

    async def before(pilot: Pilot[None]) -> None:
        app = cast("DeskApp", pilot.app)
        await until(pilot, lambda: app.is_open, "open")
        await settled(pilot)
        for key in pressed:
            if key.startswith("type "):
                cast("Input", app.focused).value = key.removeprefix("type ")
            else:
                await pilot.press(key)
            await settled(pilot)
        await pilot.pause(0.1)
        await settled(pilot)
        for screen in app.screen_stack:
            for line in screen.query(StatusLine):
                line.jobs = "work ✓ mail ✓"
            for one in screen.query(Input):
                one.cursor_blink = False
            for area in screen.query(TextArea):
                area.cursor_blink = False
        await pilot.pause()

    return before


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", ["dark", "light", "16 colours"])
def test_the_board(full_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    pressed = ("j", "space", "j", "space", "j")
    assert snap_compare(app_on(full_desk, theme), terminal_size=size, run_before=keys(*pressed))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_closing_many_at_80_by_24(full_desk: Desk, snap_compare: Any, theme: str) -> None:
    app = app_on(full_desk, theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("asterisk", "x"))


def test_escalating_at_80_by_24(full_desk: Desk, snap_compare: Any) -> None:
    app = app_on(full_desk, "dark")
    run = keys("j", "greater_than_sign")
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


def test_the_keys_at_120_by_40(full_desk: Desk, snap_compare: Any) -> None:
    app = app_on(full_desk, "light")
    assert snap_compare(app, terminal_size=(120, 40), run_before=keys("question_mark", "type mark"))


def test_a_mistake_in_the_filter(full_desk: Desk, snap_compare: Any) -> None:
    app = app_on(full_desk, "dark")
    run = keys("slash", "type is:open urgent:perhaps", "enter")
    assert snap_compare(app, terminal_size=(100, 30), run_before=run)


def test_an_empty_board(sqlite_desk: Desk, snap_compare: Any) -> None:
    app = app_on(sqlite_desk, "dark")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys())


def test_too_small(sqlite_desk: Desk, snap_compare: Any) -> None:
    app = app_on(sqlite_desk, "dark")
    assert snap_compare(app, terminal_size=(50, 12), run_before=keys())
