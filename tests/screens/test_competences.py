"""Who knows what, on screen: gaps, one line to say it, proposals taken up by a key (H7)."""

from functools import partial

from deskterm.bootstrap import Desk
from deskterm.screens.competences.screen import CompetencesScreen
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.widgets.line_list import LineList
from tests.builders import open_ticket
from tests.screens.conftest import running, until


async def test_a_gap_is_seen_and_closed_by_one_line_that_is_undone_by_a_key(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.admin.set_technician("cy", {})
    sqlite_desk.admin.set_technician("bo", {"name": "[@click=app.quit]Bo[/]"})
    sqlite_desk.admin.set_category("network/wifi")
    for number in range(3):
        open_ticket(sqlite_desk, f"No wifi {number}", category="network/wifi")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompetencesScreen))
        screen = pilot.app.screen
        assert isinstance(screen, CompetencesScreen)
        listing = screen.query_one(LineList)
        await until(pilot, lambda: listing.in_hand == "network/wifi")
        for login in ("cy", "bo"):
            await pilot.press("e")
            await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
            await pilot.press("ctrl+u", *f"{login} network/wifi 2", "enter")
            await until(pilot, partial(known, sqlite_desk, login))
        await until(pilot, lambda: listing.in_hand == "")
        await pilot.press("3")
        await until(pilot, lambda: listing.option_count == 2)
        await pilot.press("u")
        await until(pilot, lambda: not known(sqlite_desk, "bo"))


def known(desk: Desk, login: str) -> bool:
    """Tell whether anything is said of a technician."""
    return any(one["technician"] == login for one in desk.records.list("competence"))
