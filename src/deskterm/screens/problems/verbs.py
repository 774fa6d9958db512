"""What can be done to the problem in hand."""

from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.screens.dialogs.problem import TellDialog, end_form, facts_form
from deskterm.screens.flows.asking import limit
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.form import Values
    from deskterm.screens.problems.listed import ProblemList


def mark(owner: "ProblemList") -> None:
    """Show its open tickets on the board, marked."""
    page = owner.page
    if page is None or not page.view.open_tickets:
        owner.desk_app.say("It has no open tickets.")
        return
    query = f"is:open problem:P{page.view.id}"
    owner.desk_app.show_tickets(query, page.view.open_tickets)


def edit(owner: "ProblemList") -> None:
    """Change its facts."""
    page = owner.page
    if page is None:
        return
    view = page.view

    def filled(values: "Values | None") -> None:
        if values is not None:
            _order(
                owner,
                "Changed",
                lambda desk, op: desk.problems.set(view.id, values, seen=view.version, op_id=op),
            )

    owner.app.push_screen(facts_form(view, limit(owner)), filled)


def end(owner: "ProblemList") -> None:
    """End it, and solve its tickets."""
    page = owner.page
    if page is None:
        return
    view = page.view

    def filled(values: "Values | None") -> None:
        if values is not None:
            _order(
                owner,
                "Ended; solved",
                lambda desk, op: desk.problems.close(
                    view.id, values["state"], values["resolution"], op_id=op
                ),
            )

    owner.app.push_screen(end_form(view, limit(owner)), filled)


def announce(owner: "ProblemList") -> None:
    """Announce it, or end what is announced."""
    page = owner.page
    if page is None:
        return
    view = page.view
    running = view.announcement
    if running is not None:
        _order(
            owner,
            "Announcement ended",
            lambda desk, op: desk.problems.end_announcement(running, op_id=op),
        )
        return
    from deskterm.screens.dialogs.ask import LineDialog

    def said(text: str | None) -> None:
        if text:
            _order(
                owner,
                "Announced",
                lambda desk, op: desk.problems.announce(text, problem=view.id, op_id=op),
            )

    question = "One sentence on every board until it ends."
    owner.app.push_screen(LineDialog("Announce", question, f"{view.title}: ", "Say it."), said)


def tell(owner: "ProblemList") -> None:
    """Tell the owners who were not told, after a look at the letter."""
    page = owner.page
    if page is None:
        return
    number = page.view.id
    many = sum(1 for one in page.owners if not one.status and one.address)
    if not many:
        owner.desk_app.say("Nobody is to be told: e names the model, system or site affected.")
        return

    def agreed(yes: bool | None) -> None:
        if yes:
            _order(owner, "Told", lambda desk, op: desk.problems.tell(number, op_id=op))

    def ask(letter: str) -> None:
        owner.app.push_screen(TellDialog(letter, many, limit(owner)), agreed)

    owner.load(lambda desk: desk.problems.letter(number), ask, "letter")


def _order(owner: "ProblemList", said: str, call: "Call") -> None:
    def run(desk: "Desk", how: How) -> "Done":
        return call(desk, how.op_id or "")

    owner.desk_app.write(Order(said, run))


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.screens.action import Flow

    Call = Callable[[Desk, str], Done]

FLOWS: "Mapping[str, Flow]" = {
    "problem_mark": mark,
    "problem_edit": edit,
    "problem_end": end,
    "problem_announce": announce,
    "problem_tell": tell,
}
