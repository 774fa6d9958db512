"""The five minutes of the README on the demo desk, step by step, each with what it claims."""

import re
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from deskterm.bootstrap import Desk
from deskterm.demo.lively import enliven
from deskterm.demo.load import load
from deskterm.domain import clock
from deskterm.screens.base import DeskScreen
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.help import HelpDialog
from deskterm.screens.ticket.screen import TicketScreen
from tests.builders import value
from tests.screens.conftest import running, settled, until
from tests.screens.test_board import board
from tests.screens.test_verbs import type_text

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
KEYS = {"/": "slash", "?": "question_mark", "=": "equals_sign", "←": "left", "*": "asterisk"}


@pytest.fixture
def demo_desk(sqlite_desk: Desk, tmp_path: Path) -> Desk:
    """The demo, small."""
    now = clock.now()
    load(sqlite_desk.store, sqlite_desk.me, now, tickets=700, seed=1)
    enliven(sqlite_desk, now, tmp_path / "letters")
    return sqlite_desk


def test_every_key_of_the_tour_is_one_of_the_program() -> None:
    tour = README[README.index("## Five minutes") : README.index("## Every day")]
    keys = set(
        re.findall(
            r"\| `([^`]+)`|` `([^`]+)`",
            (Path(__file__).parents[2] / "docs" / "keys.md").read_text("utf-8"),
        )
    )
    known = {one for pair in keys for one in pair if one}
    for key in re.findall(r"`([^`\s]{1,6})`", tour):
        name = key.replace("ctrl+", "^")
        assert name in known or name.isdigit() or key in ("1", "9", "$EDITOR"), key


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each when all that the one before led to is there."""
    for key in keys:
        await pilot.press(KEYS.get(key, key))
        await settled(pilot)


def name(pilot: Pilot[None]) -> str:
    """Give the screen's name."""
    top = pilot.app.screen
    return top.NAME if isinstance(top, DeskScreen) else type(top).__name__


async def call(pilot: Pilot[None], who: str, what: str) -> None:
    """Type who calls and what they say, as fast as a person can."""
    await pilot.press(*who, "enter", *what)
    await until(
        pilot, lambda: [one for one in pilot.app.screen.query(TextArea) if one.text == what]
    )


async def logged(pilot: Pilot[None], desk: Desk, word: str) -> int:
    """Give the new ticket with a word; mails arrive meanwhile and take numbers too."""
    found: list[int] = []

    def is_there() -> bool:
        found.extend(desk.board.ids(f"{word} age<5m"))
        return bool(found)

    await until(pilot, is_there)
    await settled(pilot)
    return found[0]


async def confirmed(pilot: Pilot[None]) -> None:
    """Type the number of tickets where the dialog asks for it."""
    number = pilot.app.screen.query("#number")
    if number:
        many = re.search(r"\d+", str(number.first(Input).placeholder))
        assert many is not None
        number.first(Input).value = many.group()
        await press(pilot, "ctrl+s")


async def test_looking_taking_and_narrowing_down(demo_desk: Desk) -> None:
    async with running(demo_desk) as pilot:
        await settled(pilot)
        await press(pilot, "j", "k", "enter")
        assert name(pilot) == "ticket"
        await press(pilot, "escape", "?")
        assert isinstance(pilot.app.screen, HelpDialog)
        await press(pilot, "escape", "ctrl+p")
        assert isinstance(pilot.app.screen, CommandPalette)
        await press(pilot, "escape", "W")
        assert isinstance(pilot.app.screen, Dialog)
        await press(pilot, "escape", "T")
        ticket = pilot.app.screen
        assert isinstance(ticket, TicketScreen)
        number = int(ticket.chosen()[0].id)
        assert value(demo_desk, number, "assignee") == "cy"
        await press(pilot, "u")
        await until(pilot, lambda: value(demo_desk, number, "assignee") is None)
        await press(pilot, "U")
        await until(pilot, lambda: value(demo_desk, number, "assignee") == "cy")
        await press(pilot, "escape", "2")
        assert board(pilot).tickets.reader.query != "is:active"
        await press(pilot, "1", "/", *"urgent:no", "enter")
        rows = demo_desk.board.first_page(board(pilot).tickets.reader.query, 50)
        assert rows
        assert not any(row.urgent for row in rows)


async def test_a_call_a_guide_a_reply_and_a_closing(demo_desk: Desk) -> None:
    someone = demo_desk.people.all(1)[0]
    async with running(demo_desk) as pilot:
        await settled(pilot)
        await press(pilot, "n")
        await call(pilot, someone.addresses[0], "The screen blinks.")
        await press(pilot, "ctrl+s")
        number = await logged(pilot, demo_desk, "blinks")
        assert demo_desk.tickets.show(number).requester == demo_desk.people.show(
            someone.addresses[0]
        )
        await settled(pilot)
        await press(pilot, "enter", "w", "enter")
        await until(pilot, lambda: name(pilot) == "guide")
        await press(pilot, "1", "left", "escape")
        await until(pilot, lambda: demo_desk.runs.open_runs(number))
        await press(pilot, "r")
        pilot.app.screen.query_one(TextArea).load_text("On my way.")
        await press(pilot, "ctrl+s")
        await until(
            pilot,
            lambda: "On my way." in [e.text for e in demo_desk.tickets.show(number).timeline],
        )
        await press(pilot, "x", "ctrl+s")
        assert isinstance(pilot.app.screen, Dialog)  # it asks for what is missing
        assert demo_desk.tickets.show(number).state == "open"


async def test_many_at_once_and_one_undo(demo_desk: Desk) -> None:
    async with running(demo_desk) as pilot:
        await settled(pilot)
        await press(pilot, "/", *"urgent:no assignee:none", "enter", "space", "space")
        marked = [int(one.id) for one in board(pilot).chosen()]
        assert len(marked) == 2
        await press(pilot, "exclamation_mark", "enter")
        await until(pilot, lambda: all(value(demo_desk, one, "urgent") for one in marked))
        await press(pilot, "u")
        await until(pilot, lambda: not any(value(demo_desk, one, "urgent") for one in marked))


async def test_an_outage_is_called_out_and_becomes_one_incident(demo_desk: Desk) -> None:
    before = len(demo_desk.problems.list())
    async with running(demo_desk) as pilot:
        await settled(pilot)
        assert demo_desk.problems.outbreaks()
        await press(pilot, "E")
        assert isinstance(pilot.app.screen, Dialog)
        await press(pilot, "ctrl+s")
        await confirmed(pilot)
        await until(pilot, lambda: len(demo_desk.problems.list()) == before + 1)
        problem = max(one.id for one in demo_desk.problems.list())
        numbers = list(demo_desk.board.ids(f"problem:{problem}"))
        assert len(numbers) > 2
        await press(pilot, "r")
        await type_text(pilot, "The gateway is being restarted.")
        await press(pilot, "ctrl+s")
        await confirmed(pilot)
        last = numbers[-1]
        await until(
            pilot, lambda: "being restarted" in str(demo_desk.tickets.show(last).timeline[-1])
        )
        await press(pilot, "f4")
        assert name(pilot) == "problems"
        await press(pilot, "x")
        assert isinstance(pilot.app.screen, Dialog)
        await press(pilot, "escape", "escape", "f6")
        assert name(pilot) == "guides"
        await press(pilot, "escape", "f12")
        assert name(pilot) == "insight"


async def test_an_answer_is_kept_and_published(demo_desk: Desk) -> None:
    number = next(iter(demo_desk.board.ids("is:closed outcome:solved solution:none")))
    before = len(demo_desk.solutions.list())
    async with running(demo_desk) as pilot:
        await settled(pilot)
        await press(pilot, "/", *f"#{number}", "enter", "enter", "s", "n")
        await until(pilot, lambda: len(demo_desk.solutions.list()) == before + 1)
        drafted = max(one.id for one in demo_desk.solutions.list())
        await press(pilot, "P", "enter")
        await until(pilot, lambda: bool(demo_desk.solutions.show(drafted).audience))


async def test_a_call_leads_through_a_guide_to_its_end(demo_desk: Desk) -> None:
    someone = demo_desk.people.all(1)[0]
    async with running(demo_desk) as pilot:
        await settled(pilot)
        await press(pilot, "n")
        await call(pilot, someone.addresses[0], "Printing fails, nothing zzz comes out.")
        await press(pilot, "ctrl+g")
        number = await logged(pilot, demo_desk, "zzz")
        await until(pilot, lambda: name(pilot) == "PickDialog")
        await press(pilot, "enter")
        await until(pilot, lambda: name(pilot) == "guide")
        await press(pilot, "i")
        await type_text(pilot, "The tray is full.")
        await press(pilot, "enter")
        await until(pilot, lambda: "The tray is full." in demo_desk.runs.open_runs(number)[0].state)
        for _ in range(30):
            if name(pilot) != "guide":
                break
            await press(pilot, "1")
        solved = demo_desk.tickets.show(number)
        assert (solved.state, solved.assignee) == ("solved", "cy")
        assert "right one is chosen" in solved.resolution


async def test_every_other_door_that_the_tour_names_opens(demo_desk: Desk) -> None:
    more = README[README.index("There is more on every board:") :].split("\n\n")[0]
    doors = {"@": "promises", "K": "announcements", "F2": "visits", "F4": "problems", "Q": "queue"}
    doors |= {"R": "releases", ")": "register", "c": "competences"}
    number = next(iter(demo_desk.board.ids("is:open")))
    async with running(demo_desk) as pilot:
        await settled(pilot)
        for key, door in doors.items():
            assert f"`{key}`" in more
            await press(pilot, key if len(key) == 1 else key.lower())
            assert name(pilot) == door
            await press(pilot, "escape")
            assert name(pilot) == "board"
        await press(pilot, "ctrl+e")
        assert isinstance(pilot.app.screen, Dialog)
        await press(pilot, "escape", "/", *f"#{number}", "enter", "enter")
        assert name(pilot) == "ticket"
        for key in ("d", "l"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, Dialog), key
            await press(pilot, "escape")
        await press(pilot, ";")
        await until(pilot, lambda: demo_desk.times.of(number))
