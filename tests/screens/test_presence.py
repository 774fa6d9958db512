"""Two boards on one desk: each sees where the other is; nobody is kept from anything."""

from typing import cast

from textual.pilot import Pilot

from deskterm.app import DeskApp
from deskterm.bootstrap import Desk
from deskterm.domain.presence import WRITES
from deskterm.screens.board.screen import BoardScreen
from deskterm.screens.palette import ActionProvider, FinderProvider
from deskterm.screens.ticket.screen import TicketScreen
from tests.builders import count, open_ticket, value
from tests.screens.conftest import running, until


def app_of(pilot: Pilot[None]) -> DeskApp:
    """Give the app under a pilot."""
    return cast("DeskApp", pilot.app)


def row(pilot: Pilot[None], place: int = 1) -> str:
    """Give a line of the board as it stands there."""
    board = pilot.app.screen_stack[0]
    assert isinstance(board, BoardScreen)
    return board.table.render_line(place).text


async def test_one_board_shows_who_writes_on_the_other_and_take_says_so_but_takes(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.admin.set_technician("bob", {})
    number = open_ticket(sqlite_desk)
    async with (
        running(sqlite_desk, size=(80, 24), login="bob") as his,
        running(sqlite_desk, size=(80, 24)) as mine,
    ):
        await until(his, lambda: f"#{number}" in row(his))
        await until(mine, lambda: f"#{number}" in row(mine))
        await his.press("enter")
        await until(his, lambda: isinstance(his.app.screen, TicketScreen))
        screen = cast("TicketScreen", his.app.screen)
        await until(his, lambda: screen.page is not None)
        await his.press("r")
        await until(his, lambda: screen.writer.is_open)
        app_of(his).presence.tick()
        await until(his, lambda: count(sqlite_desk, "presence", "writing") == 1)

        app_of(mine).presence.look()
        await until(mine, lambda: WRITES in row(mine))
        lines = [hit.prompt async for hit in FinderProvider(mine.app.screen).search("offline")]
        lines += [hit.prompt async for hit in ActionProvider(mine.app.screen).search("Take")]
        said = [str(one) for one in lines if "bob is writing here" in str(one)]
        assert [one.split()[0] for one in said[:2]] == ["ticket", "t"], lines
        await mine.press("t")
        await until(mine, lambda: value(sqlite_desk, number, "assignee") == "cy")
        assert any("bob is writing here" in one.text for one in app_of(mine).edges.said)
        await mine.press("enter")
        await until(mine, lambda: isinstance(mine.app.screen, TicketScreen))
        mine_too = cast("TicketScreen", mine.app.screen)
        await until(mine, lambda: mine_too.head.here == "bob is writing here")

        await his.press("escape", "escape")
        await until(his, lambda: isinstance(his.app.screen, BoardScreen))
        app_of(his).presence.tick()
        await until(his, lambda: count(sqlite_desk, "presence", "login = 'bob'") == 0)
        app_of(mine).presence.look()
        await until(mine, lambda: mine_too.head.here == "")


async def test_a_desk_of_one_is_asked_nothing_and_writes_nothing(sqlite_desk: Desk) -> None:
    """No role, client or colleague: a key opens the ticket, and every action is offered."""
    open_ticket(sqlite_desk)
    assert not sqlite_desk.may.barred
    async with running(sqlite_desk) as pilot:
        await until(pilot, lambda: "#1" in row(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        app_of(pilot).presence.tick()
        await until(pilot, lambda: cast("TicketScreen", pilot.app.screen).page is not None)
        await pilot.press("t")
        await until(pilot, lambda: value(sqlite_desk, 1, "assignee") == "cy")
        assert isinstance(pilot.app.screen, TicketScreen)
        assert count(sqlite_desk, "presence") + count(sqlite_desk, "allowed_client") == 0
