"""The workload, call-backs and "why is this on top" on screen (B5, C1, C7)."""

from datetime import UTC, datetime

import pytest
from textual.pilot import Pilot

from deskterm.bootstrap import Desk
from deskterm.domain.in_hand import LoadRow
from deskterm.screens.board.calls import CallsLine
from deskterm.screens.board.screen import BoardScreen
from deskterm.screens.dialogs.ask import OutputDialog, PickDialog
from deskterm.screens.dialogs.away import AbsenceDialog
from deskterm.screens.dialogs.form import FormDialog
from deskterm.screens.workload import WorkloadScreen, lines, titles
from deskterm.widgets.line_list import LineList
from tests.builders import open_ticket, value
from tests.screens.conftest import running, until
from tests.verbs import verbs


def board(pilot: Pilot[None]) -> BoardScreen:
    found = next(one for one in pilot.app.screen_stack if isinstance(one, BoardScreen))
    assert isinstance(found, BoardScreen)
    return found


async def test_from_a_technician_to_their_tickets_and_off_and_back(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, take=True)
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await pilot.press("B")
        await until(pilot, lambda: isinstance(pilot.app.screen, WorkloadScreen))
        screen = pilot.app.screen
        assert isinstance(screen, WorkloadScreen)
        await until(pilot, lambda: len(screen.told.rows) == 2)
        await pilot.press("j")
        await until(pilot, lambda: screen.query_one(LineList).in_hand == "cy")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(pilot.app.screen, AbsenceDialog))
        await pilot.press(*"3d", "enter")
        await until(pilot, lambda: screen.told.rows[1].off_until is not None)
        await pilot.press("o")
        await until(pilot, lambda: screen.told.rows[1].off_until is None)
        await pilot.press("enter")
        await until(pilot, lambda: list(board(pilot).table.ids) == [number])


async def test_a_call_back_is_promised_by_a_key_and_stands_above_the_board_when_due(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await until(pilot, lambda: list(board(pilot).table.ids) == [number])
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog))
        await pilot.press(*"1h", "enter", *"Still fine?", "enter")
        await until(pilot, lambda: bool(sqlite_desk.board.call_backs()))
        line = board(pilot).query_one(CallsLine)
        assert not line.display
        verbs(sqlite_desk).call_back([number], datetime(2026, 1, 1, tzinfo=UTC), "Overdue")
        await until(pilot, lambda: line.display)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog))
        await pilot.press("enter")
        await until(pilot, lambda: not line.display)
        assert [one.note for one in sqlite_desk.board.call_backs()] == ["Still fine?"]
    assert value(sqlite_desk, number, "state") == "new"


async def test_one_key_says_why_a_ticket_is_on_top(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, urgent=True)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await until(pilot, lambda: list(board(pilot).table.ids) == [number])
        await pilot.press("W")
        await until(pilot, lambda: isinstance(pilot.app.screen, OutputDialog))


@pytest.mark.parametrize("width", [80, 120, 200])
def test_names_are_whole_and_all_is_the_sum_of_its_columns(width: int) -> None:
    name = "Sorcha Ni Dhomhn"
    row = LoadRow("sorcha", name, (), None, None, 12, 2, 1, 30, 4, 7, None, 3)
    (line,) = lines([row], datetime(2026, 1, 1, tzinfo=UTC), width)
    heads, words = titles([row], width), line.content.plain
    assert name in words
    assert words.split()[-7:] == ["46", "12", "2", "1", "30", "4", "3"]
    for title, number in (("All", "46"), ("Verify", "4")):
        assert words.index(f" {number} ") + len(number) + 1 == heads.index(title) + len(title)
