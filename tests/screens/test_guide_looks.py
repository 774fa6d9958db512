"""How the guide screen looks: both sizes, dark and light and sixteen colours, clock frozen."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from tests.builders import open_ticket
from tests.screens.test_board_looks import AT, SIZES, app_on, keys
from tests.unit.guide_makers import SMALL


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(clock, "now", lambda: AT)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def printer(sqlite_desk: Desk) -> Desk:
    """A desk with one ticket that the printing guide fits."""
    open_ticket(sqlite_desk, "Printer P-31 offline", at=AT)
    return sqlite_desk


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", ["dark", "light", "16 colours"])
def test_what_to_say_do_and_ask(
    printer: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    run = keys("w", "enter", "1", "3", "enter", "down")
    assert snap_compare(app_on(printer, theme), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_an_escalation_already_written(
    printer: Desk, snap_compare: Any, size: tuple[int, int]
) -> None:
    run = keys("w", "enter", "1", "3", "enter", "3")
    assert snap_compare(app_on(printer, "dark"), terminal_size=size, run_before=run)


def test_choosing_a_guide(printer: Desk, snap_compare: Any) -> None:
    run = keys("w", "enter", "1", "escape", "w")
    assert snap_compare(app_on(printer, "dark"), terminal_size=(80, 24), run_before=run)


def test_something_is_typed(printer: Desk, snap_compare: Any) -> None:
    run = keys("w", "enter", "1", "2", *"P-31")
    assert snap_compare(app_on(printer, "light"), terminal_size=(80, 24), run_before=run)


def test_a_command_that_was_run(sqlite_desk: Desk, snap_compare: Any) -> None:
    own = SMALL.replace('[ping, -c, "3", "{gateway}"]', '[echo, "{gateway}"]')
    sqlite_desk.guides.add(own.replace("group: network", "group: second level"))
    open_ticket(sqlite_desk, "dead line", at=AT)
    run = keys("w", "enter", "1", "3", "enter", "R", "enter")
    assert snap_compare(app_on(sqlite_desk, "dark"), terminal_size=(80, 24), run_before=run)


def test_escalating_before_the_end(printer: Desk, snap_compare: Any) -> None:
    run = keys("w", "enter", "1", "greater_than_sign")
    assert snap_compare(app_on(printer, "dark"), terminal_size=(80, 24), run_before=run)
