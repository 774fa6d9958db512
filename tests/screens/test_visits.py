"""Visits by keys: offered, chosen, moved, over; the list of the day, the line above the board."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.visits import OfferVisit, SetVisit
from deskterm.screens.board.calls import visit_words
from deskterm.widgets.choice import Choice
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_board_looks import AT, _frozen, app_on, keys
from tests.screens.test_ticket import shown

__all__ = ["_frozen"]


@pytest.fixture
def day(sqlite_desk: Desk) -> Desk:
    """A day with two visits, one that is offered and one tomorrow."""
    desk = sqlite_desk
    desk.records.add("site", "Harbour", {"travel": "25"})
    alert, printer, screen, wall = (
        open_ticket(desk, subject, at=AT - timedelta(hours=1))
        for subject in ("Virus alert", "Printer [b]offline[/b]", "New screen", "Projector")
    )
    at = [AT + timedelta(hours=hours) for hours in (1, 4, 24, 25)]
    first = SetVisit(at=at[0].isoformat(), site="Harbour", place="room 3-14", what="Clean LT-220")
    desk.tickets.do([alert], first)
    desk.tickets.do([printer], SetVisit(at=at[1].isoformat(), length="45m"))
    desk.tickets.do([screen], OfferVisit(slots=(at[2].isoformat(), at[3].isoformat())))
    desk.tickets.do([wall], SetVisit(at=at[2].isoformat()))
    return desk


@pytest.mark.parametrize(
    ("size", "theme"), [((80, 24), "dark"), ((120, 40), "light")], ids=["80", "120"]
)
def test_the_list_of_the_day_looks(
    day: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    go = keys("f2", "2")

    async def there(pilot: Pilot[None]) -> None:
        await go(pilot)
        await settled(pilot)

    assert snap_compare(app_on(day, theme), terminal_size=size, run_before=there)


async def test_a_visit_is_ended_from_the_list(day: Desk) -> None:
    async with running(day) as pilot:
        await keys("f2", "1", "ampersand", "enter")(pilot)
        await settled(pilot)
        pilot.app.screen.query_one("#line", Input).value = "Removed the virus."
        await keys("enter")(pilot)
        await settled(pilot)
        assert [row.state for row in day.visits.of(1)] == ["done"]
        await keys("4", "enter")(pilot)
        await settled(pilot)
    assert day.tickets.show(1).timeline[-1].text == "Removed the virus."


async def test_a_visit_that_stays_agreed_on_is_named_before_a_ticket_ends(day: Desk) -> None:
    """Closing asks once more in its dialog, cancelling and an absence in one of their own."""
    async with running(day, (80, 24)) as pilot:
        pilot.app.go("ticket", 1)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await keys("x")(pilot)
        await settled(pilot)
        pilot.app.screen.query_one("#outcome", Choice).value = "spam"
        await keys("ctrl+s", "ctrl+s")(pilot)
        await until(pilot, lambda: "#1 has a visit on" in shown(pilot), "named")
        assert day.tickets.show(1).state == "open"
        await keys("ctrl+s")(pilot)
        await until(pilot, lambda: day.tickets.show(1).state == "closed", "closed")
        pilot.app.go("ticket", 4)  # type: ignore[attr-defined]  # the app is the desk's
        await settled(pilot)
        await keys("D", *"Gone", "ctrl+s")(pilot)
        await until(pilot, lambda: "Cancel all the same?" in shown(pilot), "asked")
        await keys("escape")(pilot)
        await settled(pilot)
        assert day.tickets.show(4).state == "open"
        await keys("B")(pilot)
        await settled(pilot)
        await keys("down", "o", *"3d", "enter")(pilot)
        await until(pilot, lambda: "Off all the same?" in shown(pilot), "asked")
        assert "cy is off then, but has visits: #" in shown(pilot)
        await keys("enter")(pilot)
        await until(pilot, lambda: day.absences.list(), "off")


def test_the_line_above_the_board_names_the_next_and_when_to_leave(day: Desk) -> None:
    rows = day.visits.today()
    said = visit_words(rows, "cy", clock.now())
    leave = (AT + timedelta(minutes=35)).astimezone()
    assert said.startswith("⌂ 2 visits today: ")
    assert f"#1 Ada Moss, Harbour, room 3-14, you, leave by {leave:%H:%M}" in said
    late = visit_words(rows[:1], "cy", datetime(2099, 1, 1, tzinfo=UTC))
    assert late == "⌂ #1: the visit is over · & says what was done"
