"""Everything that is promised, on its screen: seen, moved, kept (G6)."""

from deskterm.bootstrap import Desk
from deskterm.domain.verbs import CallBack, Close, Wait
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.promises import PromisesScreen
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown


async def test_what_is_promised_is_moved_and_kept_by_keys(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    called = open_ticket(desk, "Printer", requester="Bo Lind <bo@example.org>")
    desk.tickets.do([called], CallBack("2d", "Does it hold?"))
    fixed = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    desk.problems.new({"title": "Gateway"}, [fixed])
    desk.tickets.do([fixed], Close("recorded"))
    waits = open_ticket(desk, "Cable", requester="Cy Ox <cy@example.org>")
    desk.tickets.do([waits], Wait("other", "3d", "The cable comes."))
    async with running(desk, (80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("at")
        await until(pilot, lambda: "Does it hold?" in shown(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, PromisesScreen)
        await until(pilot, lambda: len(screen.shown) == 2)  # a ticket that waits goes on by itself
        assert "no day yet" in shown(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        await pilot.press(*"1h", "enter")
        await until(pilot, lambda: screen.told.counts[1] == 1 or bool(screen.told.counts[0] == 2))
        await pilot.press("x")
        await until(pilot, lambda: [row.kind for row in screen.shown] == ["fix"])
        await pilot.press("x")
        await until(pilot, lambda: "ends with its release" in shown(pilot))
        await pilot.press("4")
        await until(pilot, lambda: [row.kind for row in screen.shown] == ["wait", "fix"])
        await pilot.press("enter")
        await until(pilot, lambda: f"#{waits}" in shown(pilot))
