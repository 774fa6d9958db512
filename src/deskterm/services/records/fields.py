"""Fields of the desk's own as records; whatever names one follows its name."""

import re
from typing import TYPE_CHECKING

from deskterm.domain import choices
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.record_table import Field
from deskterm.domain.vocabulary import Event
from deskterm.services.records.keeper import Keeper
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of
from deskterm.storage.reads import rows
from deskterm.storage.rules import name_of
from deskterm.storage.ticket.hold import hold

if TYPE_CHECKING:
    from deskterm.storage.work import Work


class Fields(Keeper):
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

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Give it another name: values, choices, rules, templates and queries follow."""
        gone = self.held(work, name, version)
        if self.known(work.spine, new, {}) is not None:
            raise RefusedError(f"there is a field {new!r} already: merge {name!r} into it.")
        stays = HeldRow(work, self.kind, self.name(new))
        stays.set(**{column: gone[column] for column in gone.shape.columns})
        if stays["label"] == gone.key:
            stays.set(label=stays.key)
        self.keep(stays)
        _hand_over(work, gone, stays)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Let the values of one be the other's; a ticket that has both keeps the other's."""
        gone, stays = self.held(work, name), self.held(work, into)
        if gone.key == stays.key:
            raise RefusedError(f"{name!r} cannot be merged into itself.")
        more = [one for one in gone["choices"] if one not in stays["choices"]]
        if stays["choices"]:
            stays.set(choices=[*stays["choices"], *more])
            self.keep(stays)
        _hand_over(work, gone, stays)


def _hand_over(work: "Work", gone: HeldRow, stays: HeldRow) -> None:
    """Let all that names one field name the other, and take the first away."""
    old, new = str(gone.key), str(stays.key)
    for held in hold(work, rows.with_field(work.spine, old)).values():
        value = held.get(f"field.{old}")
        held.put(f"field.{old}", None)
        if held.get(f"field.{new}") is None:
            held.put(f"field.{new}", value)
        held.write(Event.CHANGED)
    gone.remove()
    gone.write(Event.EDITED, old)
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
