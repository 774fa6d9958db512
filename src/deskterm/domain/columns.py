"""The columns of a ticket: each declared once, with its kind and what a new ticket has in it.

What a change may name, what a page reads, what comes back as a time or as yes and no, and what a
new or an imported row holds follow from this table; the schema itself is `models.Ticket`, and a
test compares the two.
"""

from typing import NamedTuple

TEXT, NUMBER, FLAG, MOMENT = "text", "number", "yes or no", "time"


class Column(NamedTuple):
    """One column of a ticket that a change may name."""

    name: str
    kind: str = TEXT
    default: str | int | bool | None = None
    """What a new ticket has where nothing is given."""


COLUMNS = (
    Column("state", default="new"),
    Column("urgent", FLAG, default=False),
    Column("channel", default="phone"),
    Column("subject", default=""),
    Column("body", default=""),
    Column("problem", default=""),
    Column("reproduction", default=""),
    Column("reproduced", FLAG),
    Column("requester_id", NUMBER),
    Column("requester_unsure", FLAG, default=False),
    Column("category_id", NUMBER),
    Column("service_id", NUMBER),
    Column("group_id", NUMBER),
    Column("from_group_id", NUMBER),
    Column("from_assignee"),
    Column("level", NUMBER, default=1),
    Column("assignee"),
    Column("device_id", NUMBER),
    Column("waiting_for"),
    Column("waiting_until", MOMENT),
    Column("waiting_reason", default=""),
    Column("needs", default="nothing"),
    Column("approver", default=""),
    Column("approver_id", NUMBER),
    Column("approval"),
    Column("approval_at", MOMENT),
    Column("outcome"),
    Column("close_reason", default=""),
    Column("resolution", default=""),
    Column("solution_id", NUMBER),
    Column("craft_proof"),
    Column("customer_proof"),
    Column("rating", NUMBER),
    Column("rating_comment", default=""),
    Column("merged_into", NUMBER),
    Column("foreign_id"),
    Column("solved_at", MOMENT),
    Column("closed_at", MOMENT),
    Column("first_closed_at", MOMENT),
    Column("people", NUMBER),
    Column("cannot_work", FLAG),
    Column("needed_by", MOMENT),
)
"""What a change may name."""

DERIVED = (
    Column("picked_at", MOMENT),
    Column("due_at", MOMENT),
    Column("rank_at", MOMENT),
    Column("impact", NUMBER),
)
"""What follows from other columns and the ledger: written by the followers of a change alone."""

FIXED = (
    Column("id", NUMBER),
    Column("version", NUMBER),
    Column("opened_at", MOMENT),
    Column("updated_at", MOMENT),
    Column("is_open", FLAG),
)
"""What no change names: identity, and what the writing itself keeps."""
