"""Everything by mouse, palette and menu too; the palette offers what fits and finds the rest."""

from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from deskterm.bootstrap import Desk
from deskterm.screens.dialogs.menu import MenuDialog
from deskterm.screens.help import HelpDialog
from deskterm.screens.palette import ActionProvider, FinderProvider, likeness
from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.view_tabs import ViewTabs
from tests.builders import open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_board import board, fill
from tests.verbs import verbs


async def test_a_click_moves_the_cursor_and_at_the_left_edge_marks(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 5)
    async with running(sqlite_desk) as pilot:
        table = board(pilot).table
        await pilot.click(TicketTable, offset=(20, 3))
        assert table.cursor == 2
        await pilot.click(TicketTable, offset=(0, 5))
        assert table.marks.ids == {5}
        await pilot.click(TicketTable, offset=(20, 2), control=True)
        assert table.marks.ids == {5, 2}


async def test_a_click_with_shift_marks_the_range(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 5)
    async with running(sqlite_desk) as pilot:
        await pilot.click(TicketTable, offset=(20, 2))
        await pilot.click(TicketTable, offset=(20, 4), shift=True)
        assert board(pilot).table.marks.ids == {2, 3, 4}


async def test_the_wheel_scrolls(sqlite_desk: Desk) -> None:
    from textual import events

    fill(sqlite_desk, 60)
    async with running(sqlite_desk, size=(100, 24)) as pilot:
        table = board(pilot).table
        table.post_message(events.MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False, 5, 7))
        await until(pilot, lambda: table.scroll_y > 0)


async def test_news_does_not_pull_a_reader_back_to_the_cursor(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 60)
    async with running(sqlite_desk, size=(100, 24)) as pilot:
        table = board(pilot).table
        await until(pilot, lambda: len(table.ids) == 60)
        table.scroll_to(y=30, animate=False)
        await until(pilot, lambda: table.scroll_y == 30)
        table.show_ids([*table.ids, 61])
        await pilot.pause()
        assert (table.scroll_y, table.cursor) == (30, 0)
        await pilot.press("j")
        await until(pilot, lambda: table.scroll_y == 1)


async def test_tabs_and_footer_are_clicked(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    verbs(sqlite_desk).take([2])
    async with running(sqlite_desk) as pilot:
        await pilot.click(ViewTabs, offset=(14, 0))
        await until(pilot, lambda: list(board(pilot).table.ids) == [2])
        await pilot.click(KeyBar, offset=(2, 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpDialog))


async def test_the_menu_runs_what_fits_the_ticket(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        lines = [str(one.prompt) for one in pilot.app.screen.query_one(OptionList).options]
        assert any("Take" in line for line in lines)
        assert not any("Reopen" in line for line in lines)
        take = next(place for place, line in enumerate(lines) if line.endswith("Take"))
        await pilot.press(*["down"] * take, "enter")
        await until(pilot, lambda: value(sqlite_desk, number, "assignee") == "cy")


async def test_a_right_click_opens_the_menu_of_that_ticket(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 3)
    async with running(sqlite_desk) as pilot:
        await pilot.click(TicketTable, offset=(20, 3), button=3)
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        assert board(pilot).table.cursor == 2


async def offered(pilot: Pilot[None], provider: type, words: str) -> list[str]:
    one = provider(board(pilot))
    hits = one.search(words) if words else one.discover()
    return [hit.text async for hit in hits]


async def test_the_palette_offers_every_action_that_fits_and_no_other(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        fresh = await offered(pilot, ActionProvider, "")
        assert {"Escalate", "Close", "Assign", "Merge", "Guide"} <= set(fresh)
        assert "Reopen" not in fresh
        verbs(sqlite_desk).close([number], "spam")
        await pilot.press("7")
        await until(pilot, lambda: list(board(pilot).table.ids) == [number])
        closed = await offered(pilot, ActionProvider, "")
        assert "Reopen" in closed
        assert "Escalate" not in closed


async def test_the_palette_finds_tickets_by_number_and_words(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "VPN [bold]down[/bold]")
    open_ticket(sqlite_desk, "Printer offline")
    async with running(sqlite_desk) as pilot:
        assert "VPN [bold]down[/bold]" in await offered(pilot, FinderProvider, "vpn")
        assert "Printer offline" in await offered(pilot, FinderProvider, "#2")


async def test_a_person_stands_above_actions_that_only_have_the_letters(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "Same rights as Mia Bouchard", requester="Mia Bouchard <mia@x.test>")
    async with running(sqlite_desk, (80, 24)) as pilot:
        assert await offered(pilot, ActionProvider, "mia bou") == []
        hits = [hit async for hit in FinderProvider(board(pilot)).search("mia bou")]
        best = max(hits, key=lambda hit: hit.score)
        assert (best.text, len(hits)) == ("Mia Bouchard", 2)
        assert likeness("mia bou", "Mia Bounce", "") > best.score, "an action that begins so"


def test_an_action_that_begins_so_comes_first_and_letters_of_its_help_mean_nothing() -> None:
    assert likeness("clo", "Close", "Close the ticket.") == 1.0
    assert likeness("verb", "Own verb", "") == 0.95
    assert likeness("esc", "De-escalate", "") == 0.9
    assert likeness("ecl", "Escalate", "") == 0.7
    assert likeness("hand specialists", "Escalate", "Hand it to specialists.") == 0.5
    assert likeness("mia bou", "Own verb", "Run a program with the ticket; its words about") == 0


async def test_the_palette_runs_an_action_by_its_name(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        await pilot.press(*"take")
        options = pilot.app.screen.query_one(OptionList)
        await until(
            pilot, lambda: options.option_count and "Take" in str(options.options[0].prompt)
        )
        await pilot.press("enter")
        await settled(pilot)
        if isinstance(pilot.app.screen, CommandPalette):
            await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, number, "assignee") == "cy")


async def test_help_filters_as_you_type_and_enter_runs_the_first(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpDialog))
        pilot.app.screen.query_one(Input).value = "urgent"
        await pilot.pause()
        shown = str(pilot.app.screen.query_one("#keys").render())
        assert "Switch urgent on or off" in shown
        assert "Escalate" not in shown
        pilot.app.screen.query_one(Input).value = "Make it yours"
        await pilot.press("enter")
        await until(pilot, lambda: value(sqlite_desk, number, "assignee") == "cy")


async def test_a_number_is_copied_with_y(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk) as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard == "#1"
        await pilot.press("Y")
        assert pilot.app.clipboard == "#1 Ticket 1"
        assert "Copied" in heard(pilot)


async def test_an_empty_palette_shows_first_what_was_used_last(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: _offered(pilot))
        assert "Workload" not in _offered(pilot)[0]
        assert not pilot.app.screen.query_one("SearchIcon").display
        await pilot.press(*"workload")
        await until(pilot, lambda: "Workload" in " ".join(_offered(pilot)[:1]))
        await pilot.press("enter")
        await until(
            pilot, lambda: pilot.app.screen.name != "board" and len(pilot.app.screen_stack) == 2
        )
        await pilot.press("escape", "ctrl+p")
        await until(pilot, lambda: "Workload" in " ".join(_offered(pilot)[:1]))


def _offered(pilot: Pilot[None]) -> list[str]:
    if not isinstance(pilot.app.screen, CommandPalette):
        return []
    lines = pilot.app.screen.query_one(OptionList)
    return [str(lines.get_option_at_index(n).prompt) for n in range(lines.option_count)]
