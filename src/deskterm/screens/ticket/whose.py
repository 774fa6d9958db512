"""Whose a forwarded ticket is: read out of the mail, confirmed or set right by a person (§1.9)."""

from typing import TYPE_CHECKING, cast

from deskterm.domain.rows import PersonRow, TicketView
from deskterm.domain.text import clean
from deskterm.screens.work import Working

if TYPE_CHECKING:
    from deskterm.screens.ticket.screen import TicketScreen


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


class Whose(Working):
    """Confirming the requester."""

    def action_confirm_requester(self) -> None:
        """Confirm the requester read out of a forwarded mail, or set another."""
        from deskterm.screens.dialogs.people import requester_form

        screen = cast("TicketScreen", self)
        if screen.page is None:
            return
        view = screen.page.view
        if not view.requester_unsure:
            screen.say("Nobody doubts who its requester is; e changes the facts.", "warning")
            return
        form = requester_form(screen.targets(), screen.limit, who_words(view.requester))
        screen.ask(form, "Confirmed the requester of")
