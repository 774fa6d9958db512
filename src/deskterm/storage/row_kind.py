"""What a kind of row is declared by: its table, its columns, what hangs on it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from deskterm.storage import row_parts
from deskterm.storage.driver import json_text, moment

if TYPE_CHECKING:
    from deskterm.storage.held_values import Changes
    from deskterm.storage.work import Work

_NONE: frozenset[str] = frozenset()


class RowKind(NamedTuple):
    """How rows of one kind are kept."""

    table: str
    columns: tuple[str, ...]
    """What a change may name; the ledger keeps before and after of each."""
    called: str
    """How one is called in a sentence; `{}` is its number or name."""
    naming: str = "name"
    """The column every row has: where it is None before or after, the row was made or removed."""
    key: str = "id"
    """The column that tells rows apart. Where it is a text, keys are `level.bo`, the subject 0."""
    flags: frozenset[str] = _NONE
    moments: frozenset[str] = _NONE
    jsons: frozenset[str] = _NONE
    new: Mapping[str, object] = {}
    """What a new row needs besides; `now` and `me` stand for the operation's."""
    reset: Mapping[str, object] = {}
    """What is put back by any change: what was found out about the row as it was before."""
    parts: Mapping[str, row_parts.RowPart] = {}
    """What hangs on it and is changed with it: first word of the key → how."""
    goes: tuple[tuple[str, str], ...] = ()
    """(table, column) of rows that mean nothing without it: they go with it."""
    used: tuple[tuple[str, str], ...] = ()
    """(table, column) of rows that hold on to it: it is not removed while there are any."""
    versioned: bool = False
    """Whether the table counts versions and keeps when it was changed."""
    clash: str = "Change it back by hand."
    """What is said to whoever would undo what was changed since."""
    follows: "Callable[[Work, int, Changes], None] | None" = None
    """Called after a change was stored."""

    def held(self, name: str, value: object) -> object:
        """Give a stored value as it is held: flags, moments and JSON as what they are."""
        if value is None:
            return None
        if name in self.jsons:
            import json

            return json.loads(str(value))
        return bool(value) if name in self.flags else self.typed(name, value)

    def typed(self, name: str, value: object) -> object:
        """Give a value of the ledger as it is held: a moment is a time, not its text."""
        return moment(value) if name in self.moments and value is not None else value

    def bound(self, name: str, value: object) -> object:
        """Give a held value as it is stored."""
        return json_text(value) if name in self.jsons and value is not None else value


MEANS_KINDS: dict[str, RowKind] = {
    "text": RowKind(
        "canned_text",
        ("name", "short", "words", "language", "organisation_id", "active"),
        "text {}",
        flags=frozenset({"active"}),
    ),
    "macro": RowKind(
        "macro",
        ("name", "about", "steps", "hotkey", "active"),
        "macro {}",
        flags=frozenset({"active"}),
        jsons=frozenset({"steps"}),
    ),
    "checklist": RowKind(
        "checklist",
        ("name", "items", "required"),
        "checklist {}",
        flags=frozenset({"required"}),
        jsons=frozenset({"items"}),
        used=(("ticket_template", "checklist_id"),),
    ),
    "ticket_template": RowKind(
        "ticket_template",
        (
            *("name", "subject", "body", "problem", "urgent", "fields", "active"),
            *("category_id", "service_id", "group_id", "checklist_id"),
        ),
        "template {}",
        flags=frozenset({"urgent", "active"}),
        jsons=frozenset({"fields"}),
        used=(("recurring", "template_id"),),
    ),
    "recurring": RowKind(
        "recurring",
        (
            *("name", "rule", "first_day", "since_day", "template_id", "person_id"),
            *("calendar_id", "off", "ahead", "active"),
        ),
        "recurring {}",
        flags=frozenset({"active"}),
        reset={"trouble": ""},
        goes=(("recurring_made", "recurring_id"),),
    ),
    "verb": RowKind(
        "own_verb",
        ("name", "about", "run", "gives", "seconds", "hotkey", "active"),
        "verb {}",
        flags=frozenset({"active"}),
    ),
}
"""Ledger kind → how its rows are kept; a part of `ROW_KINDS`."""
