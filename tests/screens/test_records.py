"""One screen for all records: made, edited, merged, removed; errors stand at their field."""

from typing import Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from deskterm.bootstrap import Desk
from deskterm.domain.verbs import Assign
from deskterm.screens.dialogs.ask import AskDialog, LineDialog
from deskterm.screens.records.form import RecordForm
from deskterm.screens.records.screen import RecordsScreen
from deskterm.screens.records.verbs import IntoDialog
from tests.builders import open_ticket
from tests.screens.conftest import running, until
from tests.screens.test_board_looks import _frozen, app_on, keys

__all__ = ["_frozen"]


async def opened(pilot: Pilot[None], kind: str) -> RecordsScreen:
    """Open the records of a noun."""
    cast("Any", pilot.app).go("records", kind)
    await until(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
    screen = pilot.app.screen
    assert isinstance(screen, RecordsScreen)
    await until(pilot, lambda: screen.loaded and screen.record.kind == kind)
    return screen


async def shows(pilot: Pilot[None], kind: type[object]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


async def test_a_device_is_made_refused_at_its_field_edited_renamed_and_undone(
    sqlite_desk: Desk,
) -> None:
    desk = sqlite_desk
    desk.records.add("site", "Leeds", {})
    async with running(desk, size=(80, 24)) as pilot:
        screen = await opened(pilot, "device")
        await pilot.press("n")
        await shows(pilot, RecordForm)
        await pilot.press(*"PC-1", *["tab"] * 7, *"Leds", "enter")
        form = pilot.app.screen
        wrong = form.query_one(".wrong", Static)
        await until(pilot, lambda: "did you mean 'leeds'" in str(wrong.render()))
        site = form.query_one("#field-site", Input)
        assert form.focused is site
        assert wrong.region.y == site.region.y + 1
        site.value = "Leeds"
        await pilot.press("enter")
        await until(pilot, lambda: [one["name"] for one in screen.shown] == ["PC-1"])
        await pilot.press("e")
        await shows(pilot, RecordForm)
        await pilot.press("tab", *"T14", "enter")
        await until(pilot, lambda: [one["model"] for one in screen.shown] == ["T14"])
        await pilot.press("r")
        await shows(pilot, LineDialog)
        await pilot.press("end", "backspace", "2", "enter")
        await until(pilot, lambda: [one["name"] for one in screen.shown] == ["PC-2"])
        await pilot.press("u")
        await until(pilot, lambda: [one["name"] for one in screen.shown] == ["PC-1"])
    shown = desk.records.show("device", "PC-1")
    assert (shown["model"], shown["site"], shown["version"]) == ("T14", "Leeds", 4)


async def test_a_merge_says_what_moves_and_a_removal_what_names_it(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    for name in ("Mail", "Post"):
        desk.records.add("service", name, {})
    desk.rules.add("post", "post", {"service": "Mail"})
    async with running(desk, size=(80, 24)) as pilot:
        screen = await opened(pilot, "service")
        await until(pilot, lambda: len(screen.shown) == 2)
        await pilot.press("m")
        await shows(pilot, IntoDialog)
        assert "1 rule will name" in str(pilot.app.screen.query_one("#question").render())
        await pilot.press(*"post", "enter")
        await until(pilot, lambda: [one["name"] for one in screen.shown] == ["Post"])
        assert desk.rules.all()[0].says == "service Post"
        desk.rules.remove("post")
        await pilot.press("D")
        await shows(pilot, AskDialog)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.shown)


async def test_people_are_found_by_words_and_their_tickets_shown(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    open_ticket(sqlite_desk, requester="bo@example.org")
    async with running(sqlite_desk, size=(120, 40)) as pilot:
        screen = await opened(pilot, "person")
        await pilot.press("slash", *"moss", "enter")
        await until(pilot, lambda: [one["name"] for one in screen.shown] == ["Ada Moss"])
        await pilot.press("t")
        board = pilot.app.screen_stack[-1]
        await until(pilot, lambda: pilot.app.screen is not screen)
        board = cast("Any", pilot.app.screen)
        await until(pilot, lambda: list(board.table.ids) == [number])


@pytest.mark.parametrize(
    ("size", "theme", "pressed"),
    [
        ((120, 40), "light", ("f3", "6", "e")),
        ((80, 24), "dark", ("f3", "left_square_bracket", "j")),
        ((80, 24), "16 colours", ("f3", "1", "n")),
    ],
    ids=["group-form-120-light", "settings-80-dark", "person-new-80-16"],
)
def test_records_look(
    sqlite_desk: Desk,
    snap_compare: Any,
    size: tuple[int, int],
    theme: str,
    pressed: tuple[str, ...],
) -> None:
    sqlite_desk.admin.set_member("desk", "bo")
    app = app_on(sqlite_desk, theme)
    assert snap_compare(app, terminal_size=size, run_before=keys(*pressed))


async def test_a_technician_who_leaves_hands_over_what_they_have(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    for login in ("bo", "mia"):
        desk.admin.set_technician(login, {})
    desk.tickets.do([open_ticket(desk)], Assign("mia"))
    async with running(desk, size=(80, 24)) as pilot:
        await opened(pilot, "technician")
        await pilot.press("end", "D")
        await shows(pilot, IntoDialog)
        asked = pilot.app.screen
        assert "mia has 1 ticket. Who takes that over?" in "\n".join(
            str(one.render()) for one in asked.query(Static)
        )
        await pilot.press("enter")
        wrong = asked.query_one(".wrong", Static)
        await until(pilot, lambda: "Name who takes it over, or nobody." in str(wrong.render()))
        await pilot.press(*"bo", "enter")
        await until(pilot, lambda: desk.tickets.show(1).assignee == "bo")
