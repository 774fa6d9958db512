"""What was said stands in the footer until the next key, covers nothing, and can be seen again."""

from typing import TYPE_CHECKING, cast

from textual.pilot import Pilot

from deskterm.bootstrap import Desk
from deskterm.screens.dialogs.ask import SaidDialog
from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.text_pane import TextPane
from tests.screens.conftest import running, settled
from tests.screens.test_board import fill
from tests.screens.test_ticket import shown

if TYPE_CHECKING:
    from deskterm.app import DeskApp


def foot(pilot: Pilot[None]) -> str:
    """Give what the footer on top shows."""
    bar = pilot.app.screen.query_one(KeyBar)
    return (
        "\n".join(strip.text for strip in bar.render_lines(bar.size.region)) if bar.display else ""
    )


async def test_what_was_done_stands_in_the_footer_until_the_next_key(sqlite_desk: Desk) -> None:
    fill(sqlite_desk, 2)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("t")
        await settled(pilot)
        assert "Took #1" in foot(pilot)
        assert "u undoes" in foot(pilot)
        assert not pilot.app._notifications
        await pilot.press("j")
        await settled(pilot)
        assert foot(pilot).startswith(" ? Keys")
        await pilot.press("H")
        await settled(pilot)
        assert "Took #1" in shown(pilot)


async def test_a_message_takes_no_room_from_a_dialog_and_typing_leaves_it(
    sqlite_desk: Desk,
) -> None:
    fill(sqlite_desk, 1)
    async with running(sqlite_desk, (60, 15)) as pilot:
        app = cast("DeskApp", pilot.app)
        await pilot.press("z")
        await settled(pilot)
        assert not foot(pilot)
        for _ in range(2):
            app.say("Assigned to you: #12 The printer on floor 3 shows offline again", "warning")
        app.say("Two\nlines")
        app.say("and two\nmore")
        await pilot.press("3", "d")
        await settled(pilot)
        said, box = app.screen.query_one(KeyBar), app.screen.query_one("#box")
        assert not said.region.overlaps(box.region)
        assert foot(pilot).count("! Assigned to you") == 1
        assert "more lines · H shows them" in foot(pilot)
        assert said.size.height == 4
        await pilot.press("escape")
        await settled(pilot)
        assert foot(pilot).startswith(" ? Keys")
        assert pilot.app.screen.query_one(KeyBar).size.height == 1
        await pilot.click(KeyBar, offset=(2, 0))
        await pilot.press("escape", "H")
        await settled(pilot)
        assert isinstance(app.screen, SaidDialog)
        assert app.screen.query_one(TextPane).has_focus
