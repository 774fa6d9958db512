"""What a technician is told of while the app is open (C5)."""

from deskterm.bootstrap import Desk, open_desk
from deskterm.settings import load
from deskterm.widgets.status_line import StatusLine
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, toasts, until


def by(desk: Desk, login: str) -> Desk:
    """Open the same desk as somebody else."""
    return open_desk(load({"db": desk.store.url}, as_login=login))


async def test_the_head_counts_what_is_new_and_a_toast_says_what_comes_while_it_is_open(
    sqlite_desk: Desk,
) -> None:
    ben = by(sqlite_desk, "ben")
    sqlite_desk.admin.set_technician("cy", {})
    first = open_ticket(ben, "Old news")
    ben.tickets.assign([first], to="cy")
    async with running(sqlite_desk) as pilot:
        line = pilot.app.screen.query_one(StatusLine)
        assert line.notices == "✉ 1 notice"
        assert "Old news" not in toasts(pilot)
        urgent = open_ticket(ben, "VPN [b]down", urgent=True)
        ben.tickets.assign([urgent], to="cy")
        await until(pilot, lambda: "2 notices" in line.notices, "the count")
        assert line.notices == "✉ 2 notices, 1 urgent"
        assert f"! urgent · → given to you · #{urgent} VPN [b]down · ben" in toasts(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: line.notices == "✉ 1 notice, 1 urgent", "seen by opening")
        await settled(pilot)
    ben.close()
