"""The app under a pilot, on a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.driver import Driver
from textual.pilot import Pilot

from deskterm import app as app_module
from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.screens import files
from deskterm.screens.watching import Watching
from deskterm.settings import Settings
from deskterm.widgets.line_list import LineList

if TYPE_CHECKING:
    from deskterm.screens.board.screen import BoardScreen

Running = Callable[..., Any]


class StillApp(DeskApp):
    """The app with nothing going on by itself: it neither listens nor runs the jobs."""

    CSS_PATH = str(Path(app_module.__file__).parent / DeskApp.CSS_PATH)

    def __init__(self, open_desk: Callable[[], Any], settings: Settings) -> None:
        super().__init__(open_desk, settings)
        self.watching = _Still(self, self.edges.show_jobs)


class _Still(Watching):
    def start(self) -> None:
        """Begin nothing."""


@pytest.fixture
def sqlite_desk(sqlite_url: str) -> Iterator[Desk]:
    """A new, empty desk in an SQLite file."""
    opened = open_desk(settings.load({"db": sqlite_url}, as_login="cy"))
    yield opened
    opened.close()


_parse_rules = Stylesheet._parse_rules
_parsed: dict[object, list[RuleSet]] = {}
"""Rules by the text, place and colours they came from; an app reads them and changes none."""


def _parsed_once(sheet: Stylesheet, css: str, **source: Any) -> list[RuleSet]:
    key = (frozenset(sheet._variables.items()), css, *source.items())
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, css, **source)
    return _parsed[key]


@pytest.fixture(autouse=True)
def _styles_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app's styles are the same in every test: the next app takes the rules as parsed."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parsed_once)


@pytest.fixture(autouse=True)
def _opened_programs_end() -> Iterator[None]:
    """No program that a test let the app open outlives the test."""
    yield
    while files._started:
        files._started.pop().wait(60)


async def until(pilot: Pilot[None], true: Callable[[], object], what: str = "") -> None:
    """Let the app go on until something is true; fails after a thousand rounds and a minute."""
    rounds, end = 0, monotonic() + 60
    while rounds < 1000 or monotonic() < end:
        await pilot.pause()
        if true():
            return
        await asyncio.sleep(0.005)
        rounds += 1
    on_top = [type(one).__name__ for one in pilot.app.screen_stack]
    said = [one.text for one in getattr(getattr(pilot.app, "edges", None), "said", ())]
    raise AssertionError(f"never came true: {what or true}; there: {on_top}; said: {said}")


def idle(pilot: Pilot[None]) -> bool:
    """Tell whether the screen on top is composed, and no worker but the listening one at work."""
    top = pilot.app.screen
    if not (top.is_mounted and getattr(top, "composed", True)):
        return False  # it has not asked for anything yet: no worker does not mean that all is there
    return all(one.group == "listen" or one.is_finished for one in pilot.app.workers)


async def settled(pilot: Pilot[None]) -> None:
    """Let every load and write come to its end."""
    await until(pilot, lambda: idle(pilot), "idle")
    await pilot.pause()
    await until(pilot, lambda: idle(pilot), "idle")


@asynccontextmanager
async def running(
    desk: Desk,
    size: tuple[int, int] = (120, 40),
    driver: type[Driver] | None = None,
    **flags: Any,
) -> AsyncIterator[Pilot[None]]:
    """Run the app on this desk's database; it has a desk of its own, as in life.

    With a `driver` it draws on that; `login` says who sits there.
    """
    login = str(flags.pop("login", "cy"))
    chosen = settings.load({"db": desk.store.url, "theme": "dark"} | flags, as_login=login)
    opened: list[Desk] = []

    def opening() -> Desk:
        opened.append(open_desk(chosen))
        return opened[-1]

    app = DeskApp(cast("Any", opening), chosen)
    app.driver_class = driver or app.driver_class
    async with app.run_test(headless=driver is None, size=size) as pilot:
        await until(pilot, lambda: app.is_open, "open")
        await settled(pilot)
        yield pilot
    for one in opened:
        one.close()


def heard(pilot: Pilot[None]) -> str:
    """Give everything that was said since the start."""
    return "\n".join(one.text for one in cast("DeskApp", pilot.app).edges.said)


def lines(pilot: Pilot[None]) -> str:
    """Give what the list on top says; nothing where none is on top."""
    listings = pilot.app.screen.query(LineList)
    return "\n".join(str(option.prompt) for one in listings for option in one.options)


async def shown(pilot: Pilot[None], query: str) -> None:
    """Show the tickets of a query on the board."""
    cast("BoardScreen", pilot.app.screen).show_tickets(query)
    await settled(pilot)
