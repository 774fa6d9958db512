"""Users' keys of their own: what they are called now, what they were called, what is unknown."""

from collections.abc import Mapping
from typing import NamedTuple

from deskterm.screens.actions import BY_ID

_LISTS = (
    *("cursor", "line", "list", "guides", "insight", "letter", "load", "mail", "notice"),
    *("problem", "solution", "words"),
)
_MOVES = (
    "down",
    "up",
    "page_down",
    "page_up",
    "first",
    "last",
    "filter",
    "next_view",
    "view_before",
)
_ON_MAIL = ("open", "ticket", "retry", "retry_all", "discard", "discard_all")
_ON_WORDING = ("edit", "editor", "language", "show", "ticket", "reset")
_TABS = {"next_view": "next_tab", "view_before": "tab_before"}
RENAMED: Mapping[str, str] = {
    **{f"{place}_{move}": _TABS.get(move, move) for place in _LISTS for move in _MOVES},
    "answer_down": "down",
    "answer_up": "up",
    "finding_down": "down",
    "finding_up": "up",
    "page_forward": "page_down",
    "page_backward": "page_up",
    "next_part": "next_tab",
    "previous_part": "tab_before",
    "insight_next_part": "next_tab",
    "insight_part_before": "tab_before",
    "mail_next_shelf": "next_tab",
    "mail_shelf_before": "tab_before",
    "view_next": "next_tab",
    "view_previous": "tab_before",
    **{f"mail_{verb}": f"inbox_{verb}" for verb in _ON_MAIL},
    **{f"words_{verb}": f"wording_{verb}" for verb in _ON_WORDING},
    "load_open": "workload_open",
    "load_off": "workload_off",
    "letter_words": "wording",
    "mail_queue": "letters",
}
"""Old name → name, for one release: moving keys were each screen's own, nouns had several names."""


class Keymap(NamedTuple):
    """The keys in force: action → keys, and what the settings name that is no action."""

    keys: dict[str, str]
    unknown: tuple[str, ...] = ()


def keymap(given: Mapping[str, str]) -> Keymap:
    """Read the `keys` of the settings; a name of today wins over an old one for the same action."""
    keys: dict[str, str] = {}
    for name, value in given.items():
        now = RENAMED.get(name, name)
        if now == name or now not in given:
            keys.setdefault(now, value)
    return Keymap(keys, tuple(sorted(set(keys) - set(BY_ID))))
