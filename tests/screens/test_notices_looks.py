"""How the notices look: both sizes, dark and light, with the clock frozen."""

from datetime import timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.test_board_looks import AT, _frozen, app_on, keys
from tests.screens.test_notices import by
from tests.verbs import verbs

__all__ = ["_frozen"]


@pytest.fixture
def told_desk(sqlite_desk: Desk) -> Desk:
    """A desk on which cy is told of eight things of every kind."""
    sqlite_desk.admin.set_member("second level", "cy")
    ben = by(sqlite_desk, "ben")
    subjects = ("VPN down, floor 3", "Printer offline P-31", "会議室のプリンターが動かない",
                "New starter needs a laptop on Monday, with two screens and a phone")  # fmt: skip
    for place, subject in enumerate(subjects):
        number = open_ticket(
            ben, subject, urgent=place == 0, at=AT - timedelta(hours=place * 30 + 1)
        )
        verbs(ben).assign([number], to="cy")
    verbs(ben).note([2], "@cy: the [b]switch[/b] in room 4?\nIts port blinks orange.")
    verbs(ben).reopen([verbs(ben).solve([1], "New cable.").tickets[0]], "No, it is not solved.")
    verbs(ben).escalate([open_ticket(ben, "Outlook: all buttons gone")], "second level", "Odd.")
    sqlite_desk.notices.seen([1])
    ben.close()
    return sqlite_desk


@pytest.mark.parametrize(("size", "theme"), [((80, 24), "dark"), ((120, 40), "light")])
def test_the_notices(told_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    app = app_on(told_desk, theme)
    assert snap_compare(app, terminal_size=size, run_before=keys("N", "3", "j"))


def test_what_one_is_told_of_at_80_by_24(told_desk: Desk, snap_compare: Any) -> None:
    app = app_on(told_desk, "light")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("N", "o"))


def test_focus_time_at_80_by_24(told_desk: Desk, snap_compare: Any) -> None:
    told_desk.attention.begin("1h", "the migration")
    app = app_on(told_desk, "16 colours")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("escape"))


def test_beginning_focus_time_at_80_by_24(told_desk: Desk, snap_compare: Any) -> None:
    app = app_on(told_desk, "dark")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("F"))
