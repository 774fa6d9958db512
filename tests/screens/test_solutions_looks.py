"""How the solutions screen looks: both sizes, dark and light, with the clock frozen."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.screens.solutions.screen import SolutionsScreen
from deskterm.widgets.status_line import StatusLine
from tests.builders import open_ticket
from tests.screens.conftest import StillApp, settled, until

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SIZES = [(80, 24), (120, 40)]
THEMES = ["dark", "light"]


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def ticket(sqlite_desk: Desk) -> int:
    """A desk with four solutions, and a ticket that two of them fit; frozen in time."""
    desk = sqlite_desk.solutions
    first = desk.new(
        {
            "title": "VPN says no route after the autumn patch",
            "symptoms": 'The VPN connects, but nothing inside opens: "No route to host".',
            "environment": "Windows 11 24H2, VPN client 6.2",
            "cause": "The patch removes the stored routes of the old profile.",
            "resolution": "1. Close the client.\n2. Delete the profile.\n3. Add it again.",
            "tip": "Restart once after each system update.",
            "category": "network/vpn",
        }
    ).of("solution")[0]
    desk.new(
        {
            "title": "VPN refuses a new password",
            "symptoms": "The VPN says the password is wrong after the update.",
            "resolution": "Delete the stored one, then write to help@norrvik.example.",
        }
    )
    flagged = desk.new({"title": "Printer queue stays offline"}).of("solution")[0]
    desk.new({"title": "Second factor does not arrive on a new phone " * 3})
    number = open_ticket(sqlite_desk, "VPN: no route since the update", category="network/vpn")
    for other in range(6):
        desk.rate(open_ticket(sqlite_desk, f"VPN {other}"), first, other > 0)
    desk.rate(number, flagged, False)
    desk.publish(first, "organisation", "validated")
    with sqlite_desk.store.reading() as database:
        for table, columns in (
            ("solution", "created_at = :at, updated_at = :at"),
            ("ticket", "opened_at = :at, updated_at = :at"),
        ):
            database.run(f"UPDATE {table} SET {columns}", at=AT)
        database.run("UPDATE solution SET published_at = :at WHERE audience <> ''", at=AT)
    return number


def app_on(desk: Desk, theme: str) -> DeskApp:
    chosen = settings.load({"db": desk.store.url, "theme": theme}, as_login="cy")
    return StillApp(cast("Any", lambda: open_desk(chosen)), chosen)


def keys(ticket: int | None, *pressed: str) -> Callable[[Pilot[None]], Any]:
    """Give what opens the screen and presses keys, each after the one before has settled."""

    async def before(pilot: Pilot[None]) -> None:
        app = cast("DeskApp", pilot.app)
        await until(pilot, lambda: app.is_open, "open")
        await settled(pilot)
        app.go("solutions", ticket)
        await until(pilot, lambda: isinstance(app.screen, SolutionsScreen), "shown")
        await settled(pilot)
        for key in pressed:
            await pilot.press(key)
            await settled(pilot)
        for screen in app.screen_stack:
            for line in screen.query(StatusLine):
                line.jobs = line.clock = ""
        await pilot.pause()

    return before


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
def test_what_fits_a_ticket(
    sqlite_desk: Desk, ticket: int, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    app = app_on(sqlite_desk, theme)
    assert snap_compare(app, terminal_size=size, run_before=keys(ticket))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.usefixtures("ticket")
def test_all_of_them_and_one_read(
    sqlite_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    app = app_on(sqlite_desk, theme)
    pressed = ("G", "k", "k", "k") if size[0] > 80 else ("k", "enter")
    assert snap_compare(app, terminal_size=size, run_before=keys(None, *pressed))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
def test_publishing_with_a_leak(
    sqlite_desk: Desk, ticket: int, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    app = app_on(sqlite_desk, theme)
    pressed = ("j", "P", "tab", "right", "enter")
    assert snap_compare(app, terminal_size=size, run_before=keys(ticket, *pressed))
