"""What a mail leaves to a person to confirm: whose it is (§1.9), and what it asks for (§1.8)."""

from typing import TYPE_CHECKING

from deskterm.domain.questions import Allow, Decline
from deskterm.domain.rows import PersonRow, TicketView
from deskterm.domain.text import clean
from deskterm.screens.flows import proposals
from deskterm.screens.flows.asking import ask, confirmed, limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.ticket.owner import TicketReader


def who_words(person: PersonRow | None) -> str:
    """Give a requester as one would type them: `Bo Lind <bo@example.org>`."""
    if person is None:
        return ""
    address = person.addresses[0] if person.addresses else ""
    name = clean(person.name, one_line=True)
    return f"{name} <{address}>" if address and name != address else name or address


def unsure_lines(view: TicketView | None) -> list[tuple[str, str]]:
    """Give (key, words) of the question whose ticket it is, while it is open."""
    if view is None or not view.requester_unsure:
        return []
    return [("c", f"is it {who_words(view.requester)}'s?")]


def asked_lines(view: TicketView | None) -> list[tuple[str, str]]:
    """Give (keys, words) of what its mails ask for without proof: one question after the other."""
    if view is None or not view.questions:
        return []
    more = f" (1 of {len(view.questions)})" if len(view.questions) > 1 else ""
    return [("= yes _ no", view.questions[0].words + more)]


def confirm_requester(owner: "TicketReader") -> None:
    """Confirm the requester read out of a forwarded mail, or set another."""
    from deskterm.screens.dialogs.forms import requester_form

    if owner.page is None:
        return
    view = owner.page.view
    if not view.requester_unsure:
        owner.desk_app.say("Nobody doubts who its requester is; e changes the facts.", "warning")
        return
    form = requester_form(owner.targets(), limit(owner), who_words(view.requester))
    ask(owner, form, "Confirmed the requester of")


def accept(owner: "TicketReader") -> None:
    """Allow what a mail asks for; where none asks, set what triage proposes."""
    if _asked(owner.targets()):
        confirmed(owner, "Allow", "Allowed what was asked on", Allow(first=True))
    else:
        proposals.accept(owner)


def decline(owner: "TicketReader") -> None:
    """Leave the ticket as it is, whatever its mails ask for."""
    if _asked(owner.targets()):
        confirmed(owner, "Decline", "Declined what was asked on", Decline(first=True))
    else:
        owner.desk_app.say("No mail on it asks for anything.", "warning")


def _asked(targets: "Targets") -> bool:
    """Tell whether a mail asks for something."""
    return any(row.asks for row in targets.rows)


FLOWS: "Mapping[str, Flow]" = {
    "confirm_requester": confirm_requester,
    "accept": accept,
    "decline": decline,
}
