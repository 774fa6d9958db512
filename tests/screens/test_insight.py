"""How the work goes, on screen: figures and parts, a period, the tickets behind (B4, H2 to H4)."""

from textual.pilot import Pilot
from textual.widgets import Static

from deskterm.bootstrap import Desk
from deskterm.reports.sheet import as_csv
from deskterm.screens.board.screen import BoardScreen
from deskterm.screens.insight.screen import InsightScreen
from deskterm.widgets.line_list import LineList
from tests.builders import open_ticket, solved_ticket
from tests.screens.conftest import running, settled, until
from tests.verbs import verbs


async def opened(pilot: Pilot[None]) -> InsightScreen:
    await pilot.press("f12")
    await until(pilot, lambda: isinstance(pilot.app.screen, InsightScreen))
    screen = pilot.app.screen
    assert isinstance(screen, InsightScreen)
    await until(pilot, lambda: screen.loaded)
    return screen


async def test_from_a_mistake_to_its_tickets_on_the_board(sqlite_desk: Desk) -> None:
    number = solved_ticket(sqlite_desk)
    verbs(sqlite_desk).verify([number], "craft", "ok")
    verbs(sqlite_desk).close([number], "solved", "Seen together.")
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("6")
        await until(pilot, lambda: [len(screen.told.rows), screen.told.cases] == [9, 1])
        await pilot.press("7")
        await until(pilot, lambda: screen.told.part == 6 and screen.in_hand)
        await pilot.press("j", "j")
        await until(
            pilot,
            lambda: (
                "Nobody said what the problem is"
                in str(screen.query_one("#about", Static).render())
            ),
        )
        await pilot.press("C")
        assert "3,state,assumer,1,1," in pilot.app.clipboard
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
        board = pilot.app.screen
        assert isinstance(board, BoardScreen)
        await until(pilot, lambda: list(board.table.ids) == [number])


async def test_an_empty_period_says_so_and_a_longer_one_is_offered(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, subject="=1+1")
    open_ticket(sqlite_desk, subject="[b]Same[/b]")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        screen = await opened(pilot)
        none = screen.query_one("#none", Static)
        await pilot.press("7", "right")
        await until(pilot, lambda: "No ticket was closed in the last 90 days" in str(none.render()))
        assert "further back" in str(none.render())
        await pilot.press("right")
        await until(pilot, lambda: "a year" in str(none.render()))
        await pilot.press("8")
        await until(pilot, lambda: screen.told.part == 7)
        assert screen.query_one("#list", LineList).display
        assert as_csv(screen.told.rows, {"what": "what"}) == "what\n"


async def test_figures_that_took_long_are_not_read_at_every_change(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        screen = await opened(pilot)
        before = screen.told
        screen._asked_at -= 600  # as if that reading had taken ten minutes
        screen.take(before)
        for _ in range(3):
            screen.catch_up()
            await pilot.pause()
        assert screen.told is before
        await pilot.press("f5")
        await until(pilot, lambda: screen.told is not before)


async def test_figures_from_today_to_their_parts_and_their_tickets(sqlite_desk: Desk) -> None:
    number = solved_ticket(sqlite_desk)
    verbs(sqlite_desk).finish([number], "Cable.", "no answer")
    other = open_ticket(sqlite_desk, channel="email", subject="=1+1")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        screen = await opened(pilot)
        said = {row.cells["what"].text: row.cells["said"].text for row in screen.told.rows}
        assert (said["Open"], said["Logged"][:1], said["Satisfied"]) == ("1", "2", "no answers yet")
        await pilot.press("2")
        await until(pilot, lambda: screen.told.part == 1 and screen.in_hand)
        while screen.by != "channel":
            await pilot.press("b")
            await settled(pilot)
        await until(pilot, lambda: screen.by == "channel" and len(screen.told.rows) == 2)
        await pilot.press("C")
        assert "logged,email,1,1" in pilot.app.clipboard
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
        board = pilot.app.screen
        assert isinstance(board, BoardScreen)
        await until(pilot, lambda: list(board.table.ids) == [other])


async def test_a_proposal_is_turned_down_by_one_key_and_u_takes_it_back(sqlite_desk: Desk) -> None:
    for name in ("Fax", "Mail"):
        sqlite_desk.records.set("service", name, {})
    open_ticket(sqlite_desk, service="Mail")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("9")
        await until(pilot, lambda: screen.told.part == 8 and screen.in_hand)
        await pilot.press("n")
        await until(pilot, lambda: "0 to decide" in screen.told.facts and screen.in_hand)
        assert [one["answer"][:8] for one in sqlite_desk.records.list("decision")] == ["Declined"]
        await pilot.press("u")
        await until(pilot, lambda: "1 to decide" in screen.told.facts)
        assert sqlite_desk.records.list("decision") == []


async def test_another_tab_begins_with_its_first_line_in_sight(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: screen.told.part == 1)
        await pilot.press("G")
        listing = screen.query_one(LineList)
        await until(pilot, lambda: listing.scroll_offset.y > 0)
        await pilot.press("3")
        await until(pilot, lambda: screen.told.part == 2)
        await settled(pilot)
        assert (listing.scroll_offset.y, listing.in_hand) == (0, "0")
