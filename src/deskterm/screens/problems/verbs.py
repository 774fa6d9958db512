"""What can be done to the problem in hand."""

from functools import partial
from typing import TYPE_CHECKING, Protocol

from deskterm.domain.problems import ProblemView, measured, number_of
from deskterm.domain.verbs import Reply
from deskterm.screens.dialogs.problem import (
    ENDS,
    TellDialog,
    end_form,
    facts_form,
    measure_form,
    merge_form,
    numbers_of,
    split_form,
)
from deskterm.screens.flows import lists
from deskterm.screens.flows.asking import limit, place
from deskterm.screens.flows.general import filter_board
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.problems.lines import Shown
from deskterm.screens.problems.tracking import track
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.form import FormDialog, Values


class ProblemOwner(lists.ListOwner, Protocol):
    """The list of problems."""

    page: Shown | None
    """The problem in hand, with all that is known of it."""
    ended: bool
    """Whether those that ended are shown too."""

    def read_again(self) -> None:
        """Read the list anew."""


def read(owner: ProblemOwner) -> None:
    """Give the page the whole window, or the list its place back."""
    owner.part.reading = not owner.part.reading


def ended(owner: ProblemOwner) -> None:
    """Show those that ended, or not."""
    owner.ended = not owner.ended
    owner.read_again()


def mark(owner: ProblemOwner) -> None:
    """Show its open tickets on the board, marked."""
    page = owner.page
    if page is None or not page.view.open_tickets:
        owner.desk_app.say("It has no open tickets.")
        return
    query = f"is:open problem:P{page.view.id}"
    owner.desk_app.show_tickets(query, page.view.open_tickets)


def _filled(
    owner: ProblemOwner, form: "Form", then: "Callable[[ProblemView, Values], None]"
) -> None:
    """Ask in a form about the problem in hand, as it is now, and go on with what was filled in."""
    if owner.page is None:
        return
    view = owner.page.view

    def filled(values: "Values | None") -> None:
        if values is not None:
            then(view, values)

    owner.app.push_screen(form(view, limit(owner)), filled)


def edit(owner: ProblemOwner) -> None:
    """Change its facts."""
    _filled(owner, facts_form, partial(_set, owner, "Changed"))


def _set(owner: ProblemOwner, said: str, view: ProblemView, facts: "Mapping[str, str]") -> None:
    seen = {view.id: view.version}
    place(owner, said, lambda desk, how: desk.problems.set(view.id, facts, how._replace(seen=seen)))


def measure(owner: ProblemOwner) -> None:
    """Say how it ends: by which measure, whose, when, for how much."""

    def keep(view: ProblemView, values: "Values") -> None:
        facts, wont = measured(view.state, values, taken=values["taken"] == "yes")
        if wont:
            because = facts["reason"]
            place(
                owner,
                "Will not be fixed",
                lambda desk, how: desk.problems.close(
                    view.id, "wont_fix", because=because, how=how
                ),
            )
        else:
            _set(owner, "Measure kept", view, facts)

    _filled(owner, measure_form, keep)


def merge(owner: ProblemOwner) -> None:
    """Let it be one with another, which stays."""

    def into(view: ProblemView, values: "Values") -> None:
        stays = number_of(values["into"])
        place(owner, "Merged", lambda desk, how: desk.problems.merge(view.id, stays, how))

    _filled(owner, merge_form, into)


def split(owner: ProblemOwner) -> None:
    """Make some of its tickets a problem of their own."""

    def apart(view: ProblemView, values: "Values") -> None:
        some, title = numbers_of(values["tickets"]), values["title"]
        place(owner, "Split", lambda desk, how: desk.problems.split(view.id, some, title, how))

    _filled(owner, split_form, apart)


def end(owner: ProblemOwner) -> None:
    """End it, and solve its tickets."""

    def close(view: ProblemView, values: "Values") -> None:
        state, solved, why = ENDS[values["state"]], values["resolution"], values["reason"]
        place(
            owner,
            "Ended; closed" if why else "Ended; solved",
            lambda desk, how: desk.problems.close(view.id, state, solved, why, how=how),
        )

    _filled(owner, end_form, close)


def announce(owner: ProblemOwner) -> None:
    """Announce it, or end what is announced."""
    page = owner.page
    if page is None:
        return
    view = page.view
    running = view.announcement
    if running is not None:
        place(
            owner,
            "Announcement ended",
            lambda desk, how: desk.announcements.over(running, how=how),
        )
        return
    from deskterm.screens.dialogs.ask import LineDialog

    def said(text: str | None) -> None:
        if text:
            place(
                owner,
                "Announced",
                lambda desk, how: desk.announcements.new(text, {"problem": f"P{view.id}"}, how),
            )

    question = "One sentence on every board until it ends."
    owner.app.push_screen(LineDialog("Announce", question, f"{view.title}: ", "Say it."), said)


def tell(owner: ProblemOwner) -> None:
    """Answer all requesters of its open tickets; then owners of devices may be told."""
    page = owner.page
    if page is None:
        return
    if not page.view.open_tickets:
        tell_owners(owner)
        return
    from deskterm.screens.dialogs.text import TextDialog
    from deskterm.screens.dialogs.verb import Targets

    still = page.view.open_tickets
    targets = Targets.of(still, (row for row in page.tickets if row.id in still))

    def told(done: "Done") -> None:
        del done
        if _untold(page):
            tell_owners(owner)

    def send(body: str | None) -> None:
        if body:
            asked = OnTickets(targets.ids, Reply(body))
            owner.desk_app.write(Order("Answered", asked, None, told))

    owner.app.push_screen(TextDialog("reply", "Tell all", targets, limit(owner)), send)


def _untold(page: Shown) -> int:
    """Give how many owners of devices that fit were not told yet and can be."""
    return sum(1 for one in page.owners if not one.status and one.address)


def tell_owners(owner: ProblemOwner) -> None:
    """Tell the owners who were not told, after a look at the letter."""
    page = owner.page
    if page is None:
        return
    number = page.view.id
    many = _untold(page)
    if not many:
        owner.desk_app.say("Nobody is to be told: e names the model, system or site affected.")
        return

    def agreed(yes: bool | None) -> None:
        if yes:
            place(owner, "Told", lambda desk, how: desk.problems.tell(number, how=how))

    def ask(letter: str) -> None:
        owner.app.push_screen(TellDialog(letter, many, limit(owner)), agreed)

    look_up(owner, lambda desk: desk.problems.letter(number), ask, "letter")


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.screens.action import Flow

    Call = Callable[[Desk, How], Done]
    Form = Callable[[ProblemView, int], FormDialog[Values]]

FLOWS: "Mapping[str, Flow]" = {
    **lists.FLOWS,
    "filter_board": filter_board,
    "problem_read": read,
    "problem_ended": ended,
    "problem_mark": mark,
    "problem_edit": edit,
    "problem_measure": measure,
    "problem_merge": merge,
    "problem_split": split,
    "problem_end": end,
    "problem_announce": announce,
    "problem_tell": tell,
    "problem_owners": tell_owners,
    "problem_track": track,
}
