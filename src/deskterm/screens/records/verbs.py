"""What is done with the record in hand: made, edited, renamed, merged, removed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from textual.widget import Widget
from textual.widgets import Input

from deskterm.domain.asking import How
from deskterm.domain.record_table import Record
from deskterm.screens.dialogs.ask import AskDialog, LineDialog
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.flows import lists
from deskterm.screens.order import Order
from deskterm.screens.records.form import Asked, RecordForm, completing
from deskterm.screens.records.lines import Shown
from deskterm.screens.work import look_up
from deskterm.widgets.typed import PlainInput

if TYPE_CHECKING:
    from deskterm.domain.records import RecordSheet
    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk

_QUERIES = {
    "category": "category",
    "service": "service",
    "group": "group",
    "organisation": "org",
    "site": "site",
    "device": "device",
    "technician": "assignee",
}
"""Kind → the term of a query that finds the tickets that name one."""


_PLURALS = {"person": "people", "outbox": "letters", "ledger": "entries"}


class RecordOwner(lists.ListOwner, Protocol):
    """The screen of the records."""

    @property
    def record(self) -> Record:
        """The noun on the tab in hand."""

    @property
    def in_hand(self) -> Shown | None:
        """The record under the cursor."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the records shown."""


class IntoDialog(Dialog[str]):
    """Asks for a record: into which another one goes, or who takes over."""

    def __init__(
        self, title: str, question: str, names: Iterable[str], who: str = "the one that stays"
    ) -> None:
        super().__init__(title, question)
        self._names = tuple(names)
        self._who = who

    def fields(self) -> Iterable[Widget]:
        """Give the line; what is typed is completed by the right arrow."""
        completes = completing(self._names)
        yield PlainInput(placeholder=self._who, suggester=completes, id="into")

    def answer(self) -> str | None:
        """Give the name of the one that stays."""
        name = self.query_one("#into", Input).value.strip()
        if not name:
            self.refuse(f"Name {self._who}.")
        return name or None


def person_page(owner: RecordOwner) -> None:
    """Show the page of the person in hand, of whatever else the tickets that name it."""
    row = owner.in_hand
    if row is not None and owner.record.kind == "person":
        owner.desk_app.go("person", int(str(row["id"])))
    else:
        owner.desk_app.say("Only a person has a page: t shows the tickets.", "warning")


def called(record: Record, row: Shown) -> str:
    """Give the name by which the desk finds a record: of people an address."""
    if record.kind != "person":
        return str(row["name"])
    return str(row["addresses"][0]) if row["addresses"] else f"#{row['id']}"


def _may(owner: RecordOwner, verb: str) -> bool:
    """Say that a noun has no such verb, where it has not."""
    if verb in owner.record.verbs:
        return True
    owner.desk_app.say(f"{owner.record.title}: there is no way to {verb} one.", "warning")
    return False


def new(owner: RecordOwner) -> None:
    """Make one in the form."""
    if _may(owner, "add"):
        open_form(owner, owner.record, "")


def edit(owner: RecordOwner) -> None:
    """Change the one in hand in the form."""
    if owner.in_hand is not None and _may(owner, "set"):
        open_form(owner, owner.record, called(owner.record, owner.in_hand))


def open_form(
    owner: lists.ListOwner, record: Record, name: str, given: Mapping[str, str] | None = None
) -> None:
    """Open the form of a record by its name, or of a new one where it is empty.

    `given` is what is proposed for its fields.
    """

    def ask(sheet: "RecordSheet") -> None:
        def run(desk: "Desk", asked: Asked, how: How) -> "Done":
            if not name:
                return desk.records.add(record.kind, *asked, how)
            return desk.records.set(record.kind, *asked, how, sheet.version)

        def keep(asked: Asked | None) -> None:
            if asked is not None:
                said = f"{asked[0]} is {'kept' if name else 'made'}"
                owner.desk_app.write(Order(said, lambda desk, how: run(desk, asked, how)))

        form = RecordForm(record, sheet, lambda desk, asked: run(desk, asked, How(dry=True)), given)
        owner.app.push_screen(form, keep)

    look_up(owner, lambda desk: desk.records.sheet(record.kind, name), ask, "sheet")


def rename(owner: RecordOwner) -> None:
    """Give the one in hand another name."""
    row, record = owner.in_hand, owner.record
    if row is None or not _may(owner, "rename"):
        return
    name, version = called(record, row), int(row["version"])

    def said(new_name: str | None) -> None:
        if new_name and new_name != name:
            owner.desk_app.write(
                Order(
                    f"{name} is {new_name} now",
                    lambda desk, how: desk.records.rename(
                        record.kind, name, new_name, how, version
                    ),
                )
            )

    question = "Whatever names it follows."
    needed = "Give it a name, or leave with Esc."
    owner.app.push_screen(LineDialog(f"Rename {name}", question, name, needed), said)


def merge(owner: RecordOwner) -> None:
    """Let whatever names the one in hand name another, and take it away."""
    row, record = owner.in_hand, owner.record
    if row is None or not _may(owner, "merge"):
        return
    name = called(record, row)

    def ask(used: Mapping[str, int]) -> None:
        def said(into: str | None) -> None:
            if into:
                owner.desk_app.write(
                    Order(
                        f"{row['name']} went into {into}",
                        lambda desk, how: desk.records.merge(record.kind, name, into, how),
                    )
                )

        words = f"{_words(used)} will name the other one." if used else "Nothing names it."
        question = f"{words} u takes it back."
        others = [one for one in owner.names if one != name]
        owner.app.push_screen(IntoDialog(f"Merge {row['name']}", question, others), said)

    look_up(owner, lambda desk: desk.records.uses(record.kind, name), ask, "uses")


def remove(owner: RecordOwner) -> None:
    """Take the one in hand away, after saying what names it."""
    row, record = owner.in_hand, owner.record
    if row is None or not _may(owner, "remove"):
        return
    if record.kind == "technician":
        _let_go(owner, called(record, row))
        return
    name, version = called(record, row), int(row["version"])

    def ask(used: Mapping[str, int]) -> None:
        def decided(yes: bool | None) -> None:
            if yes:
                owner.desk_app.write(
                    Order(
                        f"{row['name']} is gone",
                        lambda desk, how: desk.records.remove(record.kind, name, how, version),
                    )
                )

        if used and record.kind != "category":
            sentence = f"{_words(used)} name {row['name']}: {record.instead}"
            owner.desk_app.say(sentence, "warning")
            return
        words = f"{_words(used)} name it; it is retired." if used else "Nothing names it."
        question = f"{words} u brings it back."
        owner.app.push_screen(AskDialog(f"Remove {row['name']}", question), decided)

    look_up(owner, lambda desk: desk.records.uses(record.kind, name), ask, "uses")


def _let_go(owner: RecordOwner, login: str) -> None:
    """Let a technician leave, after saying what they have in hand and asking who takes it over."""

    def ask(has: str) -> None:
        def leave(to: str | None) -> None:
            owner.desk_app.write(
                Order(
                    f"{login} works here no more{'; handed over' if to else ''}",
                    lambda desk, how: desk.staff.leaving.leave(login, to, how),
                )
            )

        def said(to: str | None) -> None:
            if to:
                leave(to)

        def decided(yes: bool | None) -> None:
            if yes:
                leave(None)

        title = f"{login} leaves"
        if not has:
            question = "They have nothing in hand. u brings them back."
            owner.app.push_screen(AskDialog(title, question), decided)
            return
        question = (
            f"{login} has {has}. Who takes that over? Or nobody: tickets stay with their groups. "
            "u brings it all back."
        )
        others = ["nobody", *(one for one in owner.names if one != login)]
        dialog = IntoDialog(title, question, others, "who takes it over, or nobody")
        owner.app.push_screen(dialog, said)

    look_up(owner, lambda desk: desk.staff.leaving.holds(login).words, ask, "uses")


def tickets(owner: RecordOwner) -> None:
    """Show the tickets that name the one in hand."""
    row, record = owner.in_hand, owner.record
    if row is None:
        return
    if record.kind == "person" and row["addresses"]:
        owner.desk_app.show_tickets(f"is:any from:{row['addresses'][0]}")
    elif record.kind in _QUERIES:
        name = str(row["name"]).replace('"', "")
        owner.desk_app.show_tickets(f'is:any {_QUERIES[record.kind]}:"{name}"')
    else:
        owner.desk_app.say(f"{record.title}: no ticket names one.", "warning")


def _words(used: Mapping[str, int]) -> str:
    """Give `2 tickets, 1 rule`."""
    parts = []
    for table, many in used.items():
        word = table.removeprefix("desk_").replace("_", " ")
        plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
        parts.append(f"{many} {word if many == 1 else _PLURALS.get(word, plural)}")
    return ", ".join(parts)


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "record_person": person_page,
    "record_new": new,
    "record_edit": edit,
    "record_rename": rename,
    "record_merge": merge,
    "record_remove": remove,
    "record_tickets": tickets,
}
"""Action → what it does."""
