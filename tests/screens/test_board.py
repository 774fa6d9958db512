"""The board: moving, marks, views, filter, live changes, size."""

import json
from pathlib import Path

from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.screens.board.screen import BoardScreen
from deskterm.screens.dialogs.ask import OutputDialog, PickDialog
from deskterm.widgets.preview import Preview
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.view_tabs import ViewTabs
from tests.builders import open_ticket
from tests.mails import mail_bytes, take
from tests.screens.conftest import heard, running, settled, until
from tests.verbs import verbs


def fill(desk: Desk, many: int) -> list[int]:
    return [open_ticket(desk, f"Ticket {place}") for place in range(1, many + 1)]


def board(pilot: object) -> BoardScreen:
    screen = pilot.app.screen_stack[0]  # type: ignore[attr-defined]
    assert isinstance(screen, BoardScreen)
    return screen


async def test_the_board_opens_with_the_open_tickets_urgent_first(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "Mouse sticks")
    urgent = open_ticket(sqlite_desk, "VPN down", urgent=True)
    async with running(sqlite_desk) as pilot:
        table = pilot.app.screen.query_one(TicketTable)
        assert list(table.ids) == [urgent, 1]
        assert table.cursor_id == urgent


async def test_letters_and_arrows_move_the_cursor(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 5)
    async with running(sqlite_desk) as pilot:
        table = board(pilot).table
        places = []
        for key in ("j", "down", "k", "G", "up", "g"):
            await pilot.press(key)
            places.append(table.cursor)
        assert places == [1, 2, 1, 4, 3, 0]


async def test_space_marks_and_moves_and_escape_takes_the_marks_away(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 4)
    async with running(sqlite_desk) as pilot:
        await pilot.press("space", "space")
        assert board(pilot).table.marks.ids == {1, 2}
        assert board(pilot).table.cursor == 2
        await pilot.press("escape")
        assert board(pilot).table.marks.ids == set()


async def test_a_range_follows_the_cursor_with_v_and_with_shift(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 6)
    async with running(sqlite_desk) as pilot:
        table = board(pilot).table
        await pilot.press("v", "j", "j")
        assert table.marks.ids == {1, 2, 3}
        await pilot.press("k", "v", "G")
        assert table.marks.ids == {1, 2}
        await pilot.press("shift+up")
        assert table.marks.ids == {1, 2, 5, 6}


async def test_asterisk_marks_all_in_the_filter_and_again_none(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await pilot.press("asterisk")
        assert board(pilot).table.marks.ids == {1, 2, 3}
        await pilot.press("asterisk")
        assert board(pilot).table.marks.ids == set()


async def test_only_rows_near_the_screen_are_fetched(sqlite_desk: Desk) -> None:
    from deskterm.domain.requests import NewTicket

    tickets = [NewTicket("ada@example.org", f"Ticket {n}", acknowledge=False) for n in range(1500)]
    sqlite_desk.tickets.new_many(tickets)
    async with running(sqlite_desk) as pilot:
        table = board(pilot).table
        assert len(table.ids) == 1500
        assert len(table.rows) < 200
        await pilot.press("G")
        await settled(pilot)
        last = table.rows.get(table.cursor_id)
        assert last is not None
        assert last.subject == "Ticket 1499"
        assert len(table.rows) < 300


async def test_rows_passed_in_a_hurry_are_there_when_one_comes_back(sqlite_desk: Desk) -> None:
    from deskterm.domain.requests import NewTicket

    tickets = [NewTicket("ada@example.org", f"Ticket {n}", acknowledge=False) for n in range(900)]
    sqlite_desk.tickets.new_many(tickets)
    async with running(sqlite_desk) as pilot:
        table = board(pilot).table
        for _ in range(12):
            pilot.app.simulate_key("pagedown")
        await settled(pilot)
        for _ in range(6):
            await pilot.press("pageup")
            await settled(pilot)
            top = round(table.scroll_y)
            shown = table.ids[top : top + table.page]
            assert all(table.rows.get(number) is not None for number in shown)


async def test_the_filter_line_narrows_while_typing(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    vpn = open_ticket(sqlite_desk, "VPN down")
    async with running(sqlite_desk) as pilot:
        await pilot.press("slash", *"vpn")
        await until(pilot, lambda: list(board(pilot).table.ids) == [vpn])
        await pilot.press("enter")
        assert pilot.app.focused is board(pilot).table
        await pilot.press("escape")
        await until(pilot, lambda: len(board(pilot).table.ids) == 4)


async def test_an_error_in_the_filter_stands_below_it_with_a_caret(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk) as pilot:
        await pilot.press("slash", *"urgent:perhaps")
        line = board(pilot).query_one(QueryLine)
        await until(pilot, lambda: "perhaps" in str(line.query_one(".wrong").render()))
        assert line.has_class("-wrong")
        assert "^" in str(line.query_one(".wrong").render())


async def test_the_last_word_of_a_filter_is_completed(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await pilot.press("slash", *"urg")
        line = board(pilot).query_one(QueryLine).query_one(Input)
        await until(pilot, lambda: line._suggestion)
        await pilot.press("right")
        assert line.value == "is:active urgent:"


async def test_numbers_and_brackets_choose_views(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    verbs(sqlite_desk).take([2])
    async with running(sqlite_desk) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: list(board(pilot).table.ids) == [2])
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: list(board(pilot).table.ids) == [1])


async def test_an_empty_board_says_what_to_do(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        hint = board(pilot).table.hint
        assert "n logs a call" in hint
        assert "Mail is not set up: F3, Mailboxes, n adds one" in hint
        assert "`deskterm demo`" in hint
        take(
            sqlite_desk,
            mail_bytes("Re: lunch [#99]", "Out of office", **{"auto-submitted": "auto-replied"}),
        )
        await pilot.press("f5")
        await until(pilot, lambda: "appears by itself" in board(pilot).table.hint)


async def test_what_others_do_appears_by_itself(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk) as pilot:
        open_ticket(sqlite_desk, "From a colleague")
        await until(pilot, lambda: list(board(pilot).table.ids) == [1, 2])
        verbs(sqlite_desk).take([1])
        await until(pilot, lambda: board(pilot).table.rows.get(1).state == "open")  # type: ignore[union-attr]


async def test_the_cursor_stays_on_its_ticket_when_others_arrive(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await pilot.press("j")
        open_ticket(sqlite_desk, "VPN down", urgent=True)
        await until(pilot, lambda: len(board(pilot).table.ids) == 4)
        assert board(pilot).table.cursor_id == 2


async def test_the_preview_gives_way_at_80_columns(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        assert not board(pilot).query_one(Preview).display
        assert board(pilot).table.size.width == 80


async def test_below_60_by_15_one_line_says_so(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk, size=(50, 12)) as pilot:
        await until(pilot, lambda: board(pilot).query_one("#too-small").display)
        assert not board(pilot).tickets.display


async def test_a_key_that_is_not_possible_says_why(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk) as pilot:
        await pilot.press("X")
        assert "#1 is new: reopen is not possible" in heard(pilot)


async def test_keys_of_the_settings_replace_the_own_ones(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk, keys={"cursor_down": "h"}) as pilot:
        await pilot.press("h")
        assert board(pilot).table.cursor == 1


async def test_a_key_of_the_settings_that_no_action_has_is_said(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk, keys={"cursor_dwon": "h"}) as pilot:
        assert "no action is named cursor_dwon" in heard(pilot)


async def test_a_closed_dialog_reads_nothing_anew_where_nothing_changed(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    sqlite_desk.guides.texts.stock()
    async with running(sqlite_desk) as pilot:
        await until(pilot, lambda: board(pilot).desk_app.changes_heard, "the feed's first word")
        await settled(pilot)
        before = board(pilot).tickets.reader.reads
        await pilot.press("question_mark", "escape")
        await settled(pilot)
        assert board(pilot).tickets.reader.reads == before


async def test_the_order_is_chosen_and_shown(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await pilot.press("o")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = "id ↓"
        await pilot.press("enter")
        await until(pilot, lambda: list(board(pilot).table.ids) == [3, 2, 1])
        assert board(pilot).query_one(QueryLine).query_text == "is:active sort:id-desc"


async def test_a_click_on_a_head_sorts_and_a_second_turns_it_round(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        for _ in range(2):
            await pilot.click(TicketTable, offset=(6, 0))
            await settled(pilot)
        assert list(board(pilot).table.ids) == [3, 2, 1]
        assert board(pilot).query_one(QueryLine).query_text == "is:active sort:id-desc"


async def test_an_empty_list_says_what_fits_outside_the_view_and_enter_shows_it(
    sqlite_desk: Desk,
) -> None:
    fill(sqlite_desk, 3)
    verbs(sqlite_desk).close([2], "spam")
    async with running(sqlite_desk) as pilot:
        line, table = board(pilot).query_one(QueryLine), board(pilot).table
        await pilot.press("slash", *"2")
        await until(pilot, lambda: "1 closed one fits" in table.hint)
        await pilot.press("enter")
        await until(pilot, lambda: list(table.ids) == [2])
        assert line.query_text == "id:2"
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("number_sign")
        await settled(pilot)
        assert isinstance(pilot.app.screen, PickDialog)


async def test_columns_are_chosen(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk) as pilot:
        await pilot.press("O")
        await settled(pilot)
        await pilot.press("down", "space", "enter")
        await settled(pilot)
        assert "state" not in board(pilot).table.columns
        assert "subject" in board(pilot).table.columns


async def test_a_column_that_is_added_shows_its_values_at_once(sqlite_desk: Desk) -> None:
    sqlite_desk.people.set("ada@example.org", {"department": "Accounting"})
    open_ticket(sqlite_desk, "VPN down")
    async with running(sqlite_desk) as pilot:
        table = board(pilot).table
        assert "Accounting" not in table.render_line(1).text
        table.columns = ("id", "department", "subject")
        await until(pilot, lambda: "Accounting" in table.render_line(1).text, "the department")


async def test_a_filter_is_saved_as_a_view(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "VPN down")
    async with running(sqlite_desk) as pilot:
        await pilot.press("slash", *"vpn", "enter")
        await pilot.press("plus")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = "Outage VPN"
        await pilot.press("enter")
        await until(pilot, lambda: sqlite_desk.admin.views())
        assert sqlite_desk.admin.views()[0].query == "is:active vpn"
        tabs = board(pilot).query_one(ViewTabs)
        await until(pilot, lambda: tabs.views[-1].name == "Outage VPN")


async def test_a_saved_view_is_taken_back_like_any_other_change(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await pilot.press("plus")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = "Mornings"
        await pilot.press("enter")
        await until(pilot, lambda: "Saved the view Mornings · u undoes" in heard(pilot))
        tabs = board(pilot).tickets.tabs
        await until(pilot, lambda: tabs.views[-1].name == "Mornings")
        await pilot.press("u")
        await until(pilot, lambda: not sqlite_desk.admin.views())
        await until(pilot, lambda: tabs.views[-1].name == "Closed")


async def test_marking_is_done_from_menu_and_footer_too(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk) as pilot:
        await pilot.press("slash")
        await board(pilot).run_named("mark")
        await until(pilot, lambda: board(pilot).table.marks.ids == {1})


async def test_rows_go_as_json_lines_to_a_command_without_a_shell(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    open_ticket(sqlite_desk, "VPN $(touch pwned) \x1b[31m")
    file = tmp_path / "rows.jsonl"
    async with running(sqlite_desk) as pilot:
        await pilot.press("vertical_line")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = f"tee {file}"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OutputDialog))
        row = json.loads(file.read_text())
        assert row["id"] == 1
        assert row["subject"] == "VPN $(touch pwned) \x1b[31m"
        assert "\x1b" not in file.read_text()


async def test_a_command_that_is_none_is_a_sentence(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk) as pilot:
        await pilot.press("vertical_line")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = "no-such-command-here"
        await pilot.press("enter")
        await until(pilot, lambda: "no-such-command-here cannot be run" in heard(pilot))


async def test_a_comma_marks_the_tickets_of_a_burst(sqlite_desk: Desk) -> None:
    for subject in ("VPN down", "VPN: no route", "Mouse sticks", "No VPN from home"):
        open_ticket(sqlite_desk, subject)
    async with running(sqlite_desk) as pilot:
        await pilot.press("comma")
        await until(pilot, lambda: board(pilot).table.marks.ids == {1, 2, 4})
