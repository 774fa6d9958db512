"""Which open tickets belong with one: linked to it, or reading like it."""

from typing import TYPE_CHECKING

from deskterm.domain.vocabulary import OPEN_STATES

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

LIMIT = 500
LIKE = 0.5
"""Likeness, 0 to 1, from which a ticket counts as the same trouble."""


def alike(desk: "Desk", number: int) -> list[int]:
    """Give the ticket, the open ones linked to it, and the open ones that read like it."""
    ticket = desk.tickets.show(number)
    found = {ticket.id, *(link.ticket_id for link in ticket.links if link.state in OPEN_STATES)}
    for like in desk.solutions.like_tickets(number, LIMIT):
        if like.likeness >= LIKE and like.state in OPEN_STATES:
            found.add(like.id)
    return sorted(found)
