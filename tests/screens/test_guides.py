"""The list of guides, the drawing of one and its editor, by keys."""

from textual.pilot import Pilot
from textual.widgets import Static

from deskterm.bootstrap import Desk
from deskterm.screens.guide.screen import GuideScreen
from deskterm.screens.guides.graph import GraphScreen
from deskterm.screens.guides.screen import GuidesScreen
from deskterm.widgets.line_list import LineList
from tests.screens.conftest import running, toasts, until
from tests.services.test_guide_insight import finished
from tests.unit.guide_makers import SMALL

OWN = SMALL.replace("group: network", "group: second level")


def written(pilot: Pilot[None]) -> str:
    """Give the lines of the list and what stands below it."""
    lines = pilot.app.screen.query_one("#list", LineList)
    words = pilot.app.screen.query_one("#words", Static)
    found = [str(lines.get_option_at_index(n).prompt) for n in range(lines.option_count)]
    return "\n".join([*found, str(words.render())])


async def test_from_the_list_to_the_drawing_with_its_figures_to_a_try(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    finished(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuidesScreen))
        await until(pilot, lambda: "Small one" in written(pilot))
        assert written(pilot).splitlines()[0].split()[:3] == ["1", "100", "%"]
        await pilot.press("slash", *"wi-fi", "enter")
        await until(pilot, lambda: "Small one" not in written(pilot))
        await pilot.press("escape", "g", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, GraphScreen))
        await until(pilot, lambda: "↺ light" in written(pilot))
        assert "v1 100 % of 1" in written(pilot)
        assert "lasted 100 % of 1" in written(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "Copied a Mermaid flowchart" in toasts(pilot))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuideScreen))
