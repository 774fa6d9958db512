"""The list of guides, the drawing of one and its editor, by keys."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, Static

from deskterm.bootstrap import Desk
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.guide.parts import Said
from deskterm.screens.guide.screen import GuideScreen
from deskterm.screens.guides.changing import errors
from deskterm.screens.guides.editor import EditorScreen
from deskterm.screens.guides.form import NodeForm
from deskterm.screens.guides.graph import GraphScreen
from deskterm.screens.guides.screen import GuidesScreen
from deskterm.screens.guides.writing import YamlArea
from deskterm.widgets.line_list import LineList
from tests.screens.conftest import heard, running, until
from tests.services.test_guide_insight import finished
from tests.unit.guide_makers import SMALL

OWN = SMALL.replace("group: network", "group: second level")


def written(pilot: Pilot[None]) -> str:
    """Give the lines of the list and what stands below it."""
    lines = pilot.app.screen.query_one("#list", LineList)
    words = pilot.app.screen.query_one("#about", Static)
    found = [str(lines.get_option_at_index(n).prompt) for n in range(lines.option_count)]
    return "\n".join([*found, str(words.render())])


async def test_from_the_list_to_the_drawing_with_its_figures_to_a_try(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    finished(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuidesScreen))
        await until(pilot, lambda: "Small one" in written(pilot))
        assert written(pilot).splitlines()[0].split()[:5] == [*["Small", "one", "1", "100", "%"]]
        await pilot.press("slash", *"wi-fi", "enter")
        await until(pilot, lambda: "Small one" not in written(pilot))
        await pilot.press("escape", "g", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, GraphScreen))
        await until(pilot, lambda: "↺ light" in written(pilot))
        assert "v1 100 % of 1" in written(pilot)
        assert "lasted 100 % of 1" in written(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "Copied a Mermaid flowchart" in heard(pilot))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuideScreen))


def editor(pilot: Pilot[None]) -> EditorScreen:
    screen = pilot.app.screen
    assert isinstance(screen, EditorScreen)
    return screen


async def opened(pilot: Pilot[None], *keys: str) -> YamlArea:
    """Open the editor from the list, and give its text area."""
    await pilot.press("f6")
    await until(pilot, lambda: isinstance(pilot.app.screen, GuidesScreen))
    await until(pilot, lambda: "VPN" in written(pilot))
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
    await until(pilot, lambda: editor(pilot).guide is not None)
    return editor(pilot).query_one(YamlArea)


async def test_an_error_is_told_while_typing_and_nothing_is_saved_with_it(
    sqlite_desk: Desk,
) -> None:
    sqlite_desk.guides.add(OWN)
    finished(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        area = await opened(pilot, "g", "e")
        screen = editor(pilot)
        area.load_text(OWN.replace("No: reseat", "No: nowhere"))
        await until(pilot, lambda: errors(screen.found) == 1)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Not saved: line 12" in heard(pilot))
        assert area.cursor_location == (11, 0)
        area.load_text(OWN.replace("Push the plug", "Pull the plug"))
        await until(pilot, lambda: not errors(screen.found))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        await pilot.press(*"pull", "enter")
        await until(pilot, lambda: len(sqlite_desk.guides.versions("small")) == 2)
        assert sqlite_desk.guides.versions("small")[0].note == "pull"
        await until(pilot, lambda: isinstance(pilot.app.screen, GuidesScreen))
        await pilot.press("u")
        await until(pilot, lambda: not sqlite_desk.guides.versions("small")[0].active)


async def test_a_text_is_tried_without_saving_and_left_as_a_draft(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    finished(sqlite_desk)
    changed = OWN.replace("Is the light on?", "Is the lamp on?")
    async with running(sqlite_desk, size=(120, 40)) as pilot:
        area = await opened(pilot, "g", "e")
        assert not any(one.region for one in editor(pilot).form.query(Input))  # the head is in hand
        assert "Begins at   light" in str(editor(pilot).form.query_one("#node", Static).render())
        area.load_text(changed)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuideScreen))
        await until(pilot, lambda: "Is the lamp on?" in _asked(pilot))
        await pilot.press("2")
        await until(pilot, lambda: "Is it well?" in _asked(pilot))
        await pilot.press("1", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuidesScreen))
        assert len(sqlite_desk.guides.versions("small")) == 1
        assert not sqlite_desk.runs.open_runs()
        number = sqlite_desk.guides.text("small").number
        await until(pilot, lambda: "lamp" in sqlite_desk.drafts.get("guide-text", number))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditorScreen))
        await until(pilot, lambda: "lamp" in editor(pilot).area.text)


def _asked(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(Said).render())


async def test_the_form_of_a_node_writes_into_the_text(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    finished(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        area = await opened(pilot, "g", "e")
        area.go_to_line(11)
        form = editor(pilot).query_one(NodeForm)
        await until(pilot, lambda: form.node is not None and form.node.name == "light")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await pilot.press("end", *" Now", "enter")
        await until(pilot, lambda: "ask: Is the light on? Now\n" in area.text)
        await pilot.press("escape")
        await until(pilot, lambda: area.has_focus)
        assert area.text == OWN.replace("Is the light on?", "Is the light on? Now")
        await pilot.press("ctrl+z")
        assert area.text == OWN


async def test_a_new_guide_begins_with_a_flowchart(sqlite_desk: Desk, tmp_path: Path) -> None:
    chart = tmp_path / "c.mmd"
    chart.write_text("flowchart TD\n a{Lit?} -->|yes| b[Fine]\n a -->|no| c[Bad]\n", "utf-8")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        area = await opened(pilot, "n", *str(chart), "enter")
        assert 'ask: "Lit?"' in area.text
