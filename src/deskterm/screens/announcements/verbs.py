"""What is done with announcements: said, updated, ended, withdrawn; who is told is shown first."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain import clock
from deskterm.domain.announcements import AnnouncementRow, AnnouncementState
from deskterm.domain.asking import How
from deskterm.domain.record_table import RECORDS
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.flows.asking import place
from deskterm.screens.flows.audience import shown_first
from deskterm.screens.order import Order
from deskterm.screens.records.form import Asked, RecordForm
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.domain.records import RecordSheet
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk

_RECORD = RECORDS["announcement"]


class AnnouncementOwner(lists.ListOwner, Protocol):
    """The list of announcements."""

    @property
    def in_hand(self) -> AnnouncementRow | None:
        """The announcement under the cursor."""


def new(owner: AnnouncementOwner) -> None:
    """Announce something in the form; who is written to is shown before anything leaves."""

    def filled(asked: Asked) -> None:
        text, values = asked
        query = values.get("to", "").strip()
        write = Order("Announced", lambda desk, how: desk.announcements.new(text, values, how))
        if query and values.get("letters") != "no":
            kind = values.get("kind", "")
            shown_first(owner, lambda desk: desk.announcements.audience(query, kind), text, write)
        else:
            owner.desk_app.write(write)

    _form(owner, "", filled)


def edit(owner: AnnouncementOwner) -> None:
    """Say what is new of the one in hand; whoever is told is shown before anything leaves."""
    row = owner.in_hand
    if row is None or _is_over(owner, row):
        return

    def filled(asked: Asked) -> None:
        values = dict(asked[1])
        text = values.pop("text", "")
        write = Order(
            "Updated",
            lambda desk, how: desk.announcements.update(row.id, text, values, how, row.updates),
        )
        letters = values.get("letters", "yes" if row.letters else "no")
        if letters == "yes":
            query = values.get("to", row.whom)
            kind = values.get("kind", row.kind)
            shown_first(
                owner,
                lambda desk: desk.announcements.audience(query, kind),
                text or row.text,
                write,
            )
        else:
            owner.desk_app.write(write)

    _form(owner, str(row.id), filled)


def end(owner: AnnouncementOwner) -> None:
    """End what runs; what has not begun is withdrawn."""
    row = owner.in_hand
    if row is None or _is_over(owner, row):
        return
    if row.state(clock.now()) == AnnouncementState.PLANNED:
        withdraw(owner)
        return

    def said(words: str | None) -> None:
        if words is not None:
            place(owner, "Ended", lambda desk, how: desk.announcements.end(row.id, words, how))

    question = f"{_hears(row)} A closing word for them, or nothing:"
    owner.app.push_screen(LineDialog(f"End announcement {row.id}", question), said)


def withdraw(owner: AnnouncementOwner) -> None:
    """Take back what is planned, or was said in error."""
    row = owner.in_hand
    if row is None or _is_over(owner, row):
        return

    def said(words: str | None) -> None:
        if words is not None:
            place(
                owner,
                "Withdrawn",
                lambda desk, how: desk.announcements.withdraw(row.id, words, how),
            )

    needed = "Say why: they are told it." if row.told else ""
    question = f"{_hears(row)} Why does it not apply any more?"
    title = f"Withdraw announcement {row.id}"
    owner.app.push_screen(LineDialog(title, question, "", needed), said)


def problem(owner: AnnouncementOwner) -> None:
    """Show the problem it is about."""
    row = owner.in_hand
    if row is not None and row.problem_id is not None:
        owner.desk_app.go("problems", row.problem_id)
    else:
        owner.desk_app.say("It is about no problem.")


def _hears(row: AnnouncementRow) -> str:
    return "Whoever was told by letter hears of it." if row.told else "Nobody got a letter of it."


def _is_over(owner: AnnouncementOwner, row: AnnouncementRow) -> bool:
    """Say that nothing can be done with what is over, where it is."""
    state = row.state(clock.now())
    over = state in (AnnouncementState.ENDED, AnnouncementState.WITHDRAWN)
    if over:
        owner.desk_app.say(f"It is {state}: n makes a new one.", "warning")
    return over


def _form(owner: AnnouncementOwner, name: str, filled: "Callable[[Asked], None]") -> None:
    """Open the form of one, which the desk has tried before it is taken."""

    def tried(desk: "Desk", asked: Asked) -> object:
        if name:
            return desk.records.set("announcement", *asked, How(dry=True))
        return desk.records.add("announcement", *asked, How(dry=True))

    def ask(sheet: "RecordSheet") -> None:
        def kept(asked: Asked | None) -> None:
            if asked is not None:
                filled(asked)

        owner.app.push_screen(RecordForm(_RECORD, sheet, tried), kept)

    look_up(owner, lambda desk: desk.records.sheet("announcement", name), ask, "sheet")


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "announcement_new": new,
    "announcement_edit": edit,
    "announcement_end": end,
    "announcement_withdraw": withdraw,
    "announcement_problem": problem,
}
"""Action → what it does."""
