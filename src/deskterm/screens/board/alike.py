"""Which open tickets belong with one: linked to it, or reading like it."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_WORD = re.compile(r"\w{3,24}")
_COMMON = re.compile(
    "(?:the|and|not|with|for|from|after|does|can|cannot|when|since|has|have|that|this|into|please"
    r"|help|problem|issue|error|new|are|was|will)\Z"
)
LIMIT = 500


def alike(desk: "Desk", number: int) -> list[int]:
    """Give the ticket, those linked to it, and open ones that share most of its subject."""
    ticket = desk.tickets.show(number)
    found = {ticket.id, *(link.ticket_id for link in ticket.links)}
    words = _telling(ticket.subject)
    if words:
        query = "is:open " + " ".join(words[:3])
        if ticket.category:
            query += f' category:"{ticket.category}"'
        found.update(desk.tickets.board_ids(query, LIMIT))
    return sorted(found)


def _telling(subject: str) -> list[str]:
    """Give the words of a subject that tell something, longest first."""
    words = dict.fromkeys(word.lower() for word in _WORD.findall(subject[:300]))
    return sorted((word for word in words if not _COMMON.match(word)), key=len, reverse=True)
