"""What can be done to tickets, from every screen that shows some.

A verb acts on `targets()`: the marked tickets, else the one in hand.
"""

from typing import TYPE_CHECKING

from deskterm.domain.text import clean
from deskterm.domain.verbs import (
    Assign,
    Cancel,
    Change,
    HandBack,
    Join,
    Note,
    Reopen,
    Reply,
    Resume,
    Take,
    Wait,
)
from deskterm.domain.vocabulary import WaitingFor
from deskterm.screens.flows import (
    elsewhere,
    means,
    promises,
    proposals,
    remedies,
    times,
    visits,
)
from deskterm.screens.flows.asking import ask, confirmed, limit, order, say_here
from deskterm.screens.order import Order
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deskterm.domain.announcements import AnnouncementRow
    from deskterm.domain.asking import Request
    from deskterm.domain.problems import ProblemFit
    from deskterm.screens.action import Flow
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import Owner, TicketOwner


# --- whose it is ------------------------------------------------------------------------


def take(owner: "TicketOwner") -> None:
    """Make them yours; who else is there is said, and in nobody's way."""
    here = say_here(owner)
    confirmed(owner, "Take", f"{here} · took" if here else "Took", Take())


def assign(owner: "TicketOwner") -> None:
    """Give them to a technician."""
    from deskterm.screens.dialogs.forms import AssignDialog

    targets = owner.targets()

    def chosen(to: str | None) -> None:
        if to is not None:
            order(owner, f"Assigned to {to}:", targets, Assign(to))

    owner.app.push_screen(AssignDialog(targets, limit(owner)), chosen)


def escalate(owner: "TicketOwner") -> None:
    """Hand over to a group with a summary."""
    from deskterm.screens.dialogs.forms import escalate_form

    ask(owner, escalate_form(owner.targets(), limit(owner)), "Escalated")


def hand_back(owner: "TicketOwner") -> None:
    """Give back to the group before."""
    confirmed(owner, "Hand back", "Handed back", HandBack())


# --- where it stands ------------------------------------------------------------------------


def wait(owner: "TicketOwner") -> None:
    """Put them off, or let them wait for somebody."""
    from deskterm.screens.dialogs.forms import wait_form

    dialog = wait_form(owner.targets(), limit(owner))

    def filled(asked: "Request | None") -> None:
        if asked is not None:
            off = isinstance(asked, Wait) and asked.whom == WaitingFor.OTHER
            order(owner, "Put off" if off else "Waiting:", dialog.targets, asked)

    owner.app.push_screen(dialog, filled)


def resume(owner: "TicketOwner") -> None:
    """End the waiting."""
    confirmed(owner, "Resume", "Resumed", Resume())


def solve(owner: "TicketOwner") -> None:
    """Say the resolution."""
    from deskterm.screens.dialogs.forms import solve_form

    ask(owner, solve_form(owner.targets(), limit(owner)), "Solved")


def verify(owner: "TicketOwner") -> None:
    """Verify by craft or by the customer."""
    from deskterm.screens.dialogs.forms import verify_form

    ask(owner, verify_form(owner.targets(), limit(owner)), "Verified")


def close(owner: "TicketOwner") -> None:
    """Close them."""
    from deskterm.screens.dialogs.close import CloseDialog

    dialog = CloseDialog(owner.targets(), limit(owner))

    def filled(asked: "Request | None") -> None:
        if asked is not None:
            ids = dialog.targets.ids
            order(owner, "Closed", dialog.targets, asked, lambda: ask_announcement(owner, ids))

    owner.app.push_screen(dialog, filled)


def ask_announcement(owner: "Owner", tickets: "Sequence[int]") -> None:
    """Ask whether what was announced ends, where no ticket of it is open any more."""
    from deskterm.screens.dialogs.ask import AskDialog

    def offer(found: "Sequence[AnnouncementRow]") -> None:
        if not found:
            return
        number, text = found[0].id, found[0].text

        def answered(yes: bool | None) -> None:
            if yes:
                end = Order(
                    "Announcement ended",
                    lambda desk, how: desk.announcements.over(number, how=how),
                )
                owner.desk_app.write(end)

        words = f"No ticket of P{found[0].problem_id} is open any more. Announced is:\n{text}"
        owner.app.push_screen(AskDialog("End the announcement?", words), answered)

    look_up(owner, lambda desk: desk.announcements.settled(tickets), offer, "announcement")


def reopen(owner: "TicketOwner") -> None:
    """Open them again."""
    _with_reason(owner, "Reopen", "Reopened", Reopen)


def cancel(owner: "TicketOwner") -> None:
    """Cancel them; visits that would stay agreed on are named before."""
    from deskterm.screens.dialogs.ask import AskDialog
    from deskterm.screens.dialogs.forms import reason_form

    dialog = reason_form("Cancel", owner.targets(), limit(owner), Cancel)

    def filled(asked: "Request | None") -> None:
        if asked is None:
            return
        targets = dialog.targets

        def go_on(visits: "Sequence[str]") -> None:
            if not visits:
                order(owner, "Cancelled", targets, asked)
                return
            owner.app.push_screen(
                AskDialog("Cancel all the same?", "\n".join(visits[:3])),
                lambda yes: order(owner, "Cancelled", targets, asked) if yes else None,
            )

        look_up(owner, lambda desk: desk.visits.left(targets.ids), go_on, "visits")

    owner.app.push_screen(dialog, filled)


def _with_reason(
    owner: "TicketOwner", verb: str, said: str, asked: "Callable[[str], Request]"
) -> None:
    from deskterm.screens.dialogs.forms import reason_form

    ask(owner, reason_form(verb, owner.targets(), limit(owner), asked), said)


# --- what it is ---------------------------------------------------------------------------


def edit(owner: "TicketOwner") -> None:
    """Change the facts; of several tickets those that all get the same."""
    from deskterm.screens.dialogs.edit import EditDialog

    ask(owner, EditDialog(owner.targets(), limit(owner)), "Changed")


def watchers(owner: "TicketOwner") -> None:
    """Let somebody hear of them, or no more."""
    from deskterm.screens.dialogs.forms import watchers_form

    ask(owner, watchers_form(owner.targets(), limit(owner)), "Changed who hears of")


def urgent(owner: "TicketOwner") -> None:
    """Switch urgent on, or off where all are urgent."""
    rows = owner.targets().rows
    wanted = not (rows and all(row.urgent for row in rows))
    said = "Made urgent:" if wanted else "Made not urgent:"
    confirmed(owner, "Urgent" if wanted else "Not urgent", said, Change(urgent=wanted))


def approval(owner: "TicketOwner") -> None:
    """Ask for an approval, or write down the decision."""
    from deskterm.screens.dialogs.forms import approval_form

    ask(owner, approval_form(owner.targets(), limit(owner)), "Approval:")


_SAID = {"reply": ("Reply", "Answered"), "note": ("Note", "Noted on")}


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
    verb, said = _SAID[kind]
    if kind == "reply":
        say_here(owner)

    def drop() -> None:
        number = targets.ids[0]
        owner.keep(lambda desk: desk.drafts.drop(kind, number))

    def send(body: str | None) -> None:
        if body:
            asked = Reply(body) if kind == "reply" else Note(body)
            order(owner, said, targets, asked, drop, seen=False)

    owner.app.push_screen(TextDialog(kind, verb, targets, limit(owner)), send)


def merge(owner: "TicketOwner") -> None:
    """Merge into another ticket."""
    from deskterm.screens.dialogs.other import MergeDialog

    ask(owner, MergeDialog(owner.targets(), limit(owner)), "Merged")


def link(owner: "TicketOwner") -> None:
    """Link to the known problem that is shown for it, else to what is asked for."""
    targets = owner.targets()
    if len(targets.ids) != 1:
        _link_to(owner, targets)
        return

    def found(fits: "Sequence[ProblemFit]") -> None:
        if not fits or any(one.linked for one in fits):
            _link_to(owner, targets)
            return
        problem, title = fits[0].id, clean(fits[0].title, one_line=True)
        order(owner, f"Linked to P{problem} {title}:", targets, Join(problem))

    look_up(owner, lambda desk: desk.problems.fitting(targets.ids[0], 1), found, "link")


def _link_to(owner: "TicketOwner", targets: "Targets") -> None:
    from deskterm.screens.dialogs.other import LinkDialog

    ask(owner, LinkDialog(targets, limit(owner)), "Linked")


FLOWS: "Mapping[str, Flow]" = {
    **elsewhere.FLOWS,
    **promises.FLOWS,
    **visits.FLOWS,
    **times.FLOWS,
    **proposals.FLOWS,
    **remedies.FLOWS,
    **means.FLOWS,
    "reply": reply,
    "note": note,
    "merge": merge,
    "link": link,
    "take": take,
    "assign": assign,
    "escalate": escalate,
    "hand_back": hand_back,
    "wait": wait,
    "resume": resume,
    "solve": solve,
    "verify": verify,
    "close": close,
    "reopen": reopen,
    "cancel": cancel,
    "edit": edit,
    "watchers": watchers,
    "urgent": urgent,
    "approval": approval,
}
"""Action → what it does, of everything that can be done to tickets."""
