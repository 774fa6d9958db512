"""Users' keys: names that went lead to those of today for one release."""

from deskterm.screens.actions import BY_ID
from deskterm.screens.keymap import RENAMED, keymap


def test_an_old_name_is_the_name_of_today() -> None:
    assert keymap({"letter_down": "n", "view_next": "ctrl+right"}).keys == {
        "down": "n",
        "next_tab": "ctrl+right",
    }


def test_a_name_of_today_wins_over_an_old_one_whatever_their_order() -> None:
    assert keymap({"cursor_down": "h", "down": "n"}).keys == {"down": "n"}
    assert keymap({"down": "n", "cursor_down": "h"}).keys == {"down": "n"}


def test_what_was_never_an_action_is_named() -> None:
    assert keymap({"cursor_dwon": "n", "take": "T"}).unknown == ("cursor_dwon",)


def test_every_old_name_leads_to_an_action_and_is_none_itself() -> None:
    assert set(RENAMED.values()) <= set(BY_ID)
    assert not set(RENAMED) & set(BY_ID)
