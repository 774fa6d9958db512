"""Fields of the desk's own as records; whatever names one follows its name."""

import re
from typing import TYPE_CHECKING

from deskterm.domain import choices
from deskterm.domain.errors import UsageError
from deskterm.domain.record_table import Field
from deskterm.domain.vocabulary import Event
from deskterm.services.records.keeper import ByName
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of
from deskterm.storage.reads import rows
from deskterm.storage.rules import name_of
from deskterm.storage.ticket.hold import hold

if TYPE_CHECKING:
    from deskterm.storage.work import Work


class Fields(ByName):
    """Fields of the desk's own."""

    def name(self, text: str) -> str:
        """Give the name of a field; raises UsageError."""
        if not text.replace("_", "").replace("-", "").isalnum():
            raise UsageError(f"field {text[:60]!r}: a name is letters, digits, - and _.")
        return text

    def begin(self, row: HeldRow, name: str) -> None:
        """People read its name until it has a label."""
        super().begin(row, name)
        row.set(label=name)

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; it always has a label, and categories and services there are."""
        if field.name == "required_for" and text.strip():
            text = ", ".join(
                ("service:" if kind == choices.SERVICE else "")
                + name_of(row.work.spine, kind, number_of(row.work.spine, kind, name))
                for kind, name in choices.needed_by(text)
            )
        super().set_field(row, field, text or (str(row.key) if field.name == "label" else ""))

    def check(self, row: HeldRow) -> None:
        """A choice goes with facts that there are: category, service, another field."""
        known = {name.casefold() for _, name in rows.names(row.work.spine, self.kind)}
        known |= {choices.CATEGORY, choices.SERVICE}
        strange = sorted(choices.facts_named(row["choices"]) - known)
        if strange:
            error = UsageError(
                f"a choice goes with {strange[0]!r}: neither category, service nor a field."
            )
            error.field = "choices"
            raise error

    def hand_over(self, work: "Work", gone: HeldRow, stays: HeldRow) -> None:
        """Let values, choices, rules, templates and queries name the other field.

        A ticket that has both keeps the value of the one that stays.
        """
        old, new = str(gone.key), str(stays.key)
        if stays["label"] == old:
            stays.set(label=new)
        if stays["choices"]:
            stays.set(choices=list(dict.fromkeys([*stays["choices"], *gone["choices"]])))
        if stays.changed:
            self.keep(stays)
        for held in hold(work, rows.with_field(work.spine, old)).values():
            value = held.get(f"field.{old}")
            held.put(f"field.{old}", None)
            if held.get(f"field.{new}") is None:
                held.put(f"field.{new}", value)
            held.write(Event.CHANGED)
        gone.remove()
        gone.write(Event.EDITED, old)
        _rename_in_records(work, old, new)


def _rename_in_records(work: "Work", old: str, new: str) -> None:
    for kind, columns in _NAMING.items():
        for key, _ in rows.names(work.spine, kind):
            row = HeldRow(work, kind, key)
            for column in columns:
                row.set(**{column: _renamed(row[column], old, new)})
            if row.changed:
                row.write(Event.EDITED, str(row[row.shape.naming]))


_NAMING = {
    "field": ("choices",),
    "rule": ("query", "sets"),
    "view": ("query",),
    "ticket_template": ("fields",),
    "improvement": ("query",),
}
"""Kind → the columns in which a field of the desk's own is named."""


def _renamed(value: object, old: str, new: str) -> object:
    """Give a query, the lines of choices, or a mapping by fields, with the other field in it."""
    if isinstance(value, str):
        return re.sub(rf"(?i)\bfield\.{re.escape(old)}(?=[:<>=])", f"field.{new}", value)
    if isinstance(value, list):
        return [choices.renamed(one, old, new) for one in value]
    if isinstance(value, dict):
        names = {old: new, f"field.{old}": f"field.{new}"}
        return {names.get(key, key): one for key, one in value.items()}
    return value
