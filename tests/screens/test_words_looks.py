"""How the words of letters look: both sizes, dark, light and 16 colours."""

from typing import Any

import pytest

from deskterm.bootstrap import Desk
from tests.screens.test_board_looks import _frozen, app_on, keys

__all__ = ["_frozen"]


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), "dark"), ((120, 40), "light"), ((80, 24), "16 colours")],
    ids=["80-dark", "120-light", "80-16"],
)
def test_the_words_of_letters(
    sqlite_desk: Desk, snap_compare: Any, size: tuple[int, int], theme: str
) -> None:
    sqlite_desk.wording.set("closed", "Subject: Done\nIt is done.")
    app = app_on(sqlite_desk, theme)
    before = keys("f7", *["j"] * 10)
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_a_letter_being_written(sqlite_desk: Desk, snap_compare: Any) -> None:
    assert snap_compare(
        app_on(sqlite_desk, "dark"), terminal_size=(80, 24), run_before=keys("f7", "e")
    )
