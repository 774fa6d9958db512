"""Lists that are kept: opened again they are as new, and nothing is composed or styled anew."""

from typing import Any

import pytest
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from deskterm.bootstrap import Desk
from deskterm.screens.listing import ListScreen
from deskterm.widgets.key_bar import KeyBar
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until

DOORS = ("guides", "letters", "notices")


async def opened(pilot: Pilot[None], door: str) -> ListScreen[Any]:
    pilot.app.go(door)  # type: ignore[attr-defined]
    await until(pilot, lambda: getattr(pilot.app.screen, "NAME", "") == door)
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, ListScreen)
    return screen


def names(screen: ListScreen[Any]) -> list[str]:
    return [line.name for line in screen.part.listing._shown]


async def test_a_list_that_is_opened_again_is_as_new_and_composes_nothing(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        open_ticket(sqlite_desk, f"Toner {number}")
    made: list[object] = []
    apply, register = Stylesheet.apply, App._register

    def applying(self: Stylesheet, node: Any, **how: Any) -> None:
        made.extend([node] if isinstance(node, KeyBar) else [])
        apply(self, node, **how)

    def registering(self: App[None], parent: Any, *widgets: Any, **how: Any) -> list[Any]:
        made.extend(widgets)
        return register(self, parent, *widgets, **how)

    async with running(sqlite_desk, (120, 30)) as pilot:
        for door in DOORS:
            first = await opened(pilot, door)
            fresh = names(first)
            await pilot.press("j", *(["2", "slash", "x", "enter"] if first.FILTER else []))
            await settled(pilot)
            await pilot.press(*["escape"] * (2 if first.FILTER else 1))
            await until(pilot, lambda: getattr(pilot.app.screen, "NAME", "") == "board", "left")
            with monkeypatch.context() as counted:
                counted.setattr(Stylesheet, "apply", applying)
                counted.setattr(App, "_register", registering)
                again = await opened(pilot, door)
            assert again is first
            assert (again.part.view, again.part.words) == (0, "")
            assert names(again) == fresh
            assert again.part.listing.highlighted == (0 if fresh else None)
            assert not made, door
            await pilot.press("escape")


async def test_what_happened_meanwhile_is_there_when_a_list_is_opened_again(
    sqlite_desk: Desk,
) -> None:
    open_ticket(sqlite_desk, "Toner")
    async with running(sqlite_desk, (120, 30)) as pilot:
        letters = await opened(pilot, "letters")
        before = len(letters.shown)
        await pilot.press("escape")
        open_ticket(sqlite_desk, "Paper")
        again = await opened(pilot, "letters")
        assert (again, len(again.shown)) == (letters, before + 1)
