"""From a ticket as stored to what the classifier learns: what it says, and what was decided."""

from deskterm.domain.vocabulary import State
from deskterm.storage.driver import Row
from deskterm.triage.classify.features import Said

KINDS = ("category", "service", "group", "urgent")
"""What is learned and proposed; urgency is a hint only (semantics.md §6)."""
COLUMNS = {"category": "category_id", "service": "service_id", "group": "group_id"}
"""The column of a ticket that holds each, but for urgency."""


def said_of(row: Row) -> Said:
    """Give what a ticket says; the requester by number, so that a new name changes nothing."""
    requester = "" if row["requester_id"] is None else str(row["requester_id"])
    return Said(row["subject"], row["body"], requester, row["channel"])


def decisions(row: Row) -> dict[str, str]:
    """Give what is decided of a ticket: kind → label. Urgency is decided when it is closed."""
    found = {kind: str(row[column]) for kind, column in COLUMNS.items() if row[column] is not None}
    if row["state"] == State.CLOSED:
        found["urgent"] = "yes" if row["urgent"] else "no"
    return found
