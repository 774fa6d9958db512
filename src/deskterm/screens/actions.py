"""The one registry of commands: it feeds keys, footer, palette, context menu and help."""

from collections.abc import Callable, Mapping, Sequence

from textual.binding import Binding
from textual.keys import format_key

from deskterm.domain.errors import RefusedError
from deskterm.domain.lifecycle import TRANSITIONS, check
from deskterm.screens.action import ANYTHING, EVERYWHERE, Action, Chosen
from deskterm.screens.action_lists.general import GENERAL, MOVING
from deskterm.screens.action_lists.knowledge import GUIDE, GUIDES, PROBLEMS, SOLUTION
from deskterm.screens.action_lists.lists import (
    ANNOUNCEMENTS,
    COMPETENCES,
    INBOX,
    INSIGHT,
    LETTERS,
    NOTICES,
    PERSON,
    PROMISES,
    QUEUE,
    RECORDS,
    REGISTER,
    RELEASES,
    REVIEWS,
    VISITS,
    WORDING,
    WORKLOAD,
)
from deskterm.screens.action_lists.ticket import CALL, TICKET
from deskterm.screens.action_lists.tickets import BOARD, TICKETS

_DESK = (*GENERAL, *MOVING, *TICKETS, *BOARD, *TICKET, *CALL, *GUIDE, *GUIDES, *PROBLEMS)
ALL: tuple[Action, ...] = (
    *_DESK,
    *SOLUTION,
    *NOTICES,
    *PROMISES,
    *LETTERS,
    *WORKLOAD,
    *COMPETENCES,
    *REVIEWS,
    *VISITS,
    *WORDING,
    *INBOX,
    *INSIGHT,
    *RECORDS,
    *PERSON,
    *REGISTER,
    *RELEASES,
    *ANNOUNCEMENTS,
    *QUEUE,
)
BY_ID: dict[str, Action] = {action.id: action for action in ALL}

_KEY_NAMES = {
    "escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "backspace": "Bksp",
    "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "delete": "Del",
    "insert": "Ins", "up": "↑", "down": "↓", "left": "←", "right": "→",
}  # fmt: skip


def key_label(key: str) -> str:
    """Give a key as the footer writes it: `?`, `$`, `^s`, `F8`, `⇧↓`; never its name in words."""
    if key.startswith("ctrl+"):
        return "^" + key_label(key[5:])
    if key.startswith("shift+"):
        return "⇧" + key_label(key[6:])
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return _KEY_NAMES.get(key) or format_key(key)


def keys_of(action: Action, keymap: Mapping[str, str]) -> list[str]:
    """Give the keys of an action after the settings had their say."""
    return [key.strip() for key in keymap.get(action.id, action.keys).split(",") if key.strip()]


def for_screen(name: str) -> list[Action]:
    """Give the actions of a screen, its own first; one whose keys are all taken keeps its name."""
    own = [action for action in ALL if name in action.screens]
    return own + [action for action in ALL if action.screens == EVERYWHERE]


def bindings(name: str) -> list[Binding]:
    """Give the key bindings of a screen; its own keys win over the general ones."""
    taken: set[str] = set()
    found = []
    for action in for_screen(name):
        if action.focused:
            continue
        keys = [key for key in action.keys.split(",") if key not in taken]
        taken.update(keys)
        if keys:
            run = f"run_named({action.id!r})"
            found.append(Binding(",".join(keys), run, action.label, id=action.id))
    return found


def part_bindings(*names: str) -> list[Binding]:
    """Give the key bindings of actions that a part has; they run by their screen's dispatcher."""
    return [
        Binding(one.keys, f"screen.run_named({one.id!r})", one.label, id=one.id)
        for one in map(BY_ID.__getitem__, names)
    ]


def footer(name: str) -> list[Action]:
    """Give the actions of a screen's footer in their order, `?` first."""
    return sorted((action for action in for_screen(name) if action.footer), key=_place)


def _place(action: Action) -> int:
    return action.footer


def possible(action: Action, chosen: Sequence[Chosen]) -> bool:
    """Tell whether an action fits what is chosen; a verb of the lifecycle fits tickets alone.

    With several it is enough that one of them allows it: the others are named when it is done.
    """
    if action.needs not in ("", ANYTHING):
        chosen = [one for one in chosen if one.kind == action.needs]
    if action.needs and not chosen:
        return False
    if not action.verb or not chosen:
        return True
    return any(one.state in TRANSITIONS[action.verb][0] for one in chosen)


READING = frozenset(
    {
        *("help", "palette", "escape", "back", "refresh", "messages", "copy_number"),
        *("copy_text", "letters", "wording", "inbox", "all_guides", "problems"),
        *("queue", "releases", "announcements", "promises", "visits", "notices"),
        *("records", "workload", "competences", "reviews", "insight", "register"),
        *("theme", "filter", "filter_board", "preview", "sort", "columns", "counts"),
        *("pipe", "solution_stale", "solution_all", "why", "person", "open", "menu"),
        *("mark", "mark_range", "extend_down", "extend_up", "mark_all", "mark_alike"),
        *("open_thing", "save_file", "whole_mail", "transcript", "guides_open"),
        *("graph_follow", "guides_try", "guides_mermaid", "finding_open"),
        *("problem_read", "problem_owners", "problem_ended", "solution_read"),
        *("solution_history", "notice_open", "promise_open", "letter_open"),
        *("letter_ticket", "wording_language", "wording_show", "wording_ticket"),
        *("workload_open", "competence_open", "competence_shorter"),
        *("competence_longer", "review_ticket", "visit_open", "inbox_open"),
        *("inbox_ticket", "insight_open", "insight_shorter", "insight_longer"),
        *("insight_earlier", "insight_later", "insight_by", "insight_copy"),
        *("record_tickets", "record_person", "person_open", "person_board"),
        *("register_tickets", "register_pack", "release_open", "release_tickets"),
        *("problem_queue_open", "problem_queue_tickets", "problem_queue_export"),
        "copy_command",
    }
)
"""Actions that change nothing at the desk: whoever may look has them, as they have all moves."""
_SETTLING = {
    **dict.fromkeys(
        ("wording_edit", "wording_editor", "wording_reset", "letter_pause"), "desk_setting"
    ),
    "competence_roles": "technician",
}
"""Actions that change what managers have settled → the table."""


def table_of(action: Action) -> str:
    """Give the table that whoever runs an action must be allowed to write; empty: none."""
    if action.id in READING or action.group == "Moving":
        return ""
    return _SETTLING.get(action.id, "operation")


def fitting(
    name: str, chosen: Sequence[Chosen], barred: Callable[[Action], str] | None = None
) -> list[Action]:
    """Give the actions of a screen that are possible now, for palette and menu.

    `barred` says why an action is not for whoever sits there.
    """
    fits = (action for action in for_screen(name) if possible(action, chosen))
    return [action for action in fits if not (barred and barred(action))]


def why_not(action: Action, chosen: Sequence[Chosen], kind: str, number: str) -> str:
    """Say why an action is not possible with what is chosen on a screen of such things."""
    if not chosen:
        missing = "no ticket is chosen" if kind == "ticket" else f"there is no {kind} here"
        return f"{action.label}: {missing}."
    try:
        check(action.verb, chosen[0].state, 0)
    except RefusedError as error:
        return str(error).replace("#0 is", f"{number or 'This ticket'} is")
    return f"{action.label} is not possible now."
