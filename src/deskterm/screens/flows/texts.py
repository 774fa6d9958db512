"""Writing to the customer, or a note, where the screen itself has no place to write."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Note, Reply
from deskterm.screens.flows.asking import limit, order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.flows.owner import TicketOwner

_WORDS = {"reply": ("Reply", "Answered"), "note": ("Note", "Noted on")}


def reply(owner: "TicketOwner") -> None:
    """Answer the customer."""
    _ask_text(owner, "reply")


def note(owner: "TicketOwner") -> None:
    """Write an internal note."""
    _ask_text(owner, "note")


def _ask_text(owner: "TicketOwner", kind: str) -> None:
    """Ask for a `reply` or a `note` in a dialog; its draft is kept until it is written."""
    from deskterm.screens.dialogs.text import TextDialog

    targets = owner.targets()
    verb, said = _WORDS[kind]

    def drop() -> None:
        number = targets.ids[0]
        owner.keep(lambda desk: desk.drafts.drop(kind, number))

    def send(body: str | None) -> None:
        if body:
            asked = Reply(body) if kind == "reply" else Note(body)
            order(owner, said, targets, asked, drop, seen=False)

    owner.app.push_screen(TextDialog(kind, verb, targets, limit(owner)), send)


FLOWS: "Mapping[str, Flow]" = {
    "reply": reply,
    "note": note,
}
"""Action → what it does."""
