"""Call reviews by keys: answered, kept, undone; a hand-over is left and read (H7)."""

import pytest
from textual.content import Content

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.verbs import Assign, Close, Solve, Verify
from deskterm.screens.board.callout import Callout
from deskterm.screens.board.screen import BoardScreen
from deskterm.screens.dialogs.handover import HandedDialog, HandOverDialog
from deskterm.screens.reviews.screen import ReviewsScreen
from deskterm.screens.reviews.verbs import ReviewDialog
from deskterm.widgets.line_list import LineList
from tests.builders import count, open_ticket
from tests.screens.conftest import running, until


async def test_a_review_is_filled_in_by_keys_and_taken_back_by_one(sqlite_desk: Desk) -> None:
    sqlite_desk.admin.set_technician("bo", {})
    number = open_ticket(sqlite_desk, "[@click=app.quit]Toner[/]")
    for asked in (Assign("bo"), Solve("Done."), Verify("craft", "ok"), Verify("customer", "ok")):
        sqlite_desk.tickets.do([number], asked)
    sqlite_desk.tickets.do([number], Close())
    sqlite_desk.staff.reviews.draw("30d")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await pilot.press("left_parenthesis")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewsScreen))
        screen = pilot.app.screen
        await until(pilot, lambda: screen.query_one(LineList).in_hand == "1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewDialog))
        await pilot.press("y", "n", "minus", "enter")  # not all are answered: it stays
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewDialog))
        await pilot.press(*"yyyyy", "tab", *"Kind.", "enter")
        await until(pilot, lambda: count(sqlite_desk, "review", "filled_at IS NOT NULL") == 1)
        said = [one.said for one in sqlite_desk.staff.reviews.show(1).answers]
        assert said == ["yes", "no", "-", "yes", "yes", "yes", "yes", "yes"]
        assert sqlite_desk.staff.reviews.show(1).note == "Kind."
        await until(pilot, lambda: screen.query_one(LineList).in_hand == "")
        await pilot.press("u")
        await until(pilot, lambda: count(sqlite_desk, "review", "filled_at IS NULL") == 1)


async def test_one_key_reads_what_was_left_and_then_hands_over(sqlite_desk: Desk) -> None:
    sqlite_desk.admin.set_technician("bo", {})
    open_ticket(sqlite_desk, "Mine", take=True)
    sqlite_desk.staff.handovers.new("[b]Call[/b] at six.", How(actor="bo"))
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        board = pilot.app.screen
        assert isinstance(board, BoardScreen)
        callout = board.query_one(Callout)
        await until(pilot, lambda: len(callout.called.handed) == 1)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, HandedDialog))
        await pilot.press("enter")
        await until(pilot, lambda: not callout.called.handed)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, HandOverDialog))
        await pilot.press(*"Bye.", "enter")
        await until(pilot, lambda: sqlite_desk.staff.handovers.show().login == "cy")
        left = sqlite_desk.staff.handovers.show()
        assert (left.words, [one.words for one in left.items]) == ("Bye.", ["Mine"])


@pytest.mark.parametrize("width", [80, 120, 160])
async def test_what_was_left_is_cut_where_the_window_ends(sqlite_desk: Desk, width: int) -> None:
    sqlite_desk.admin.set_technician("bo", {})
    open_ticket(sqlite_desk, "Mine")
    sqlite_desk.staff.handovers.new("The supplier calls. " * 12, How(actor="bo"))
    async with running(sqlite_desk, size=(100, 30)) as pilot:
        callout = pilot.app.screen.query_one(Callout)
        await until(pilot, lambda: len(callout.called.handed) == 1)
        await pilot.resize_terminal(width, 40)
        await until(pilot, lambda: Content(str(callout.content)).cell_length >= width - 4)
        line = str(callout.content)
        assert line.endswith("…")
        assert Content(line).cell_length <= width - 2
