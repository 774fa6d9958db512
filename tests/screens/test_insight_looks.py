"""How insight looks, at 80×24: mistakes in 16 colours."""

from typing import Any

from deskterm.bootstrap import Desk
from tests.builders import solved_ticket
from tests.screens.test_board_looks import _frozen, app_on, keys
from tests.verbs import verbs

__all__ = ["_frozen"]


def test_the_mistakes(sqlite_desk: Desk, snap_compare: Any) -> None:
    number = solved_ticket(sqlite_desk)
    verbs(sqlite_desk).verify([number], "craft", "ok")
    verbs(sqlite_desk).close([number], "solved", "Seen together.")
    app = app_on(sqlite_desk, "16 colours")
    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("f12", "7", "j"))
