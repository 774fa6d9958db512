"""What is done on the review board's screen: made, changed, given up, decided, removed."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deskterm.domain.record_table import RECORDS
from deskterm.screens.dialogs.ask import AskDialog, LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.flows.asking import place
from deskterm.screens.records.verbs import open_form
from deskterm.screens.register.lines import Item
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk

_MOST = 1_000
"""Tickets a query may name by number."""


class RegisterOwner(lists.ListOwner, Protocol):
    """The screen of the review board."""

    @property
    def kind(self) -> str:
        """The kind of record on the tab in hand."""

    @property
    def in_hand(self) -> Item | None:
        """What is under the cursor."""


def new(owner: RegisterOwner) -> None:
    """Make one in the form of the tab."""
    open_form(owner, RECORDS[owner.kind], "")


def edit(owner: RegisterOwner) -> None:
    """Change the one in hand in its form."""
    if owner.in_hand is not None:
        open_form(owner, RECORDS[owner.kind], owner.in_hand.name)


def give_up(owner: RegisterOwner) -> None:
    """Ask why an action does not go on."""
    row = owner.in_hand
    if row is not None:
        _say(owner, row, "given_up", "Given up", "It does not go on, because")


def take(owner: RegisterOwner) -> None:
    """Ask what was decided; who and what follows stand in the form."""
    row = owner.in_hand
    if row is not None:
        _say(owner, row, "answer", "Decided", "What was decided?")


def _say(owner: RegisterOwner, row: Item, field: str, said: str, title: str) -> None:
    """Ask for one value and set it."""

    def answered(text: str | None) -> None:
        if text:
            values = {field: text}
            if field == "answer":
                values["taken_by"] = "the review board"
            place(owner, said, lambda desk, how: desk.records.set(row.kind, row.name, values, how))

    needed = "Say it in a sentence, or leave with Esc."
    owner.app.push_screen(LineDialog(title, row.name, "", needed), answered)


def remove(owner: RegisterOwner) -> None:
    """Take the one in hand away."""
    row = owner.in_hand
    if row is None:
        return

    def decided(yes: bool | None) -> None:
        if yes:
            place(
                owner,
                f"{row.name} is gone",
                lambda desk, how: desk.records.remove(row.kind, row.name, how),
            )

    owner.app.push_screen(AskDialog(f"Remove {row.name}", "u brings it back."), decided)


def tickets(owner: RegisterOwner) -> None:
    """Show the tickets that an action is measured by on the board."""
    row = owner.in_hand
    if row is None:
        return

    def show(numbers: "list[int]") -> None:
        if numbers:
            owner.desk_app.show_tickets(f"id:{','.join(map(str, numbers[:_MOST]))}")
        else:
            owner.desk_app.say("No ticket is behind it yet.")

    look_up(owner, lambda desk: list(desk.figures.register.tickets(row.name)), show, "tickets")


def pack(owner: RegisterOwner) -> None:
    """Write what the review board gets before it meets into a file."""

    def said(text: str | None) -> None:
        period, _, name = (text or "").strip().partition(" ")
        if not name.strip():
            return
        name, _, client = name.partition(" for ")
        file = Path(name.strip()).expanduser()
        owner.load(
            lambda desk: _written(desk, period, file, client.strip()), owner.desk_app.say, "pack"
        )

    question = (
        "For which period, and into which file? .html prints well, .md is Markdown. With "
        "`for Clinic` after it there is nothing of another client in it."
    )
    first, needed = "last-quarter ~/board-pack.html", "Say both: 2026-11 ~/november.html"
    owner.app.push_screen(LineDialog("Pack of the review board", question, first, needed), said)


def _written(desk: "Desk", period: str, file: Path, client: str) -> str:
    """Write the pack; gives what is said of it."""
    try:
        desk.figures.write_pack(period, file, client)
    except OSError as error:
        return f"{file} was not written: {error.strerror or error}."
    return f"Written: {file}"


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "register_edit": edit,
    "register_new": new,
    "register_take": take,
    "register_give_up": give_up,
    "register_tickets": tickets,
    "register_remove": remove,
    "register_pack": pack,
}
"""Action → what it does."""
