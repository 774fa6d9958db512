"""The columns of a ticket: each declared once, with its kind and what a new ticket has in it.

What a change may name, what a page reads, what comes back as a time or as yes and no, what a new or
an imported row holds, what a list can show, JSON names and a query asks follow from this table; the
schema itself is `models.Ticket`, and a test compares the two.
"""

from typing import NamedTuple

from deskterm.domain.vocabulary import Needs

TEXT, NUMBER, FLAG, MOMENT = "text", "number", "yes or no", "time"
MANY = "several"


class Shown(NamedTuple):
    """How a list shows a column."""

    key: str
    """Its name for `--columns`, in JSON and CSV."""
    title: str
    term: str = ""
    """The term of a query that asks for it."""
    sort: str = ""
    """What `sort:` calls it."""
    width: int = 12
    """Cells in a table; 0 takes what is left."""
    rank: int = 50
    """Where there is no room, the column with the highest goes; 0 stays."""


class Edit(NamedTuple):
    """How a person corrects a column of a ticket."""

    name: str
    """What a correction (`verbs.Change`) calls it."""
    kind: str = "line"
    """line, long, count, moment, yes (or not said), words, name (of a record), person."""
    help: str = ""
    words: tuple[str, ...] = ()
    """Those of which it is one."""
    title: str = ""
    """What it is called where no list shows it."""
    clears: bool = True
    """Whether nothing at all is a value too."""


class Column(NamedTuple):
    """One column of a ticket that a change may name."""

    name: str
    kind: str = TEXT
    default: str | int | bool | None = None
    """What a new ticket has where nothing is given."""
    shown: Shown | None = None
    """How a list shows it; None where none does."""
    edit: Edit | None = None
    """How it is corrected; None where verbs of their own do that."""

    @property
    def label(self) -> str:
        """What people read before its value."""
        return (self.edit and self.edit.title) or (self.shown.title if self.shown else self.name)


COLUMNS = (
    Column("state", default="new", shown=Shown("state", "State", "state", "state", 9, 4)),
    Column(
        "urgent",
        FLAG,
        default=False,
        shown=Shown("urgent", "Urgent", "urgent", "urgent", 6),
        edit=Edit("urgent", "words", words=("no", "yes"), clears=False),
    ),
    Column("channel", default="phone", shown=Shown("channel", "By", "channel", "channel", 8, 30)),
    Column(
        "subject",
        default="",
        shown=Shown("subject", "Subject", sort="subject", width=0, rank=0),
        edit=Edit("subject", clears=False),
    ),
    Column("body", default=""),
    Column(
        "problem",
        default="",
        shown=Shown("problem", "What it is", width=24),
        edit=Edit("problem", "long", "as the desk sees it", title="The problem"),
    ),
    Column(
        "reproduction",
        default="",
        edit=Edit("reproduction", "long", "the steps that lead to it", title="How it happens"),
    ),
    Column("reproduced", FLAG, edit=Edit("reproduced", "yes", "seen here too", title="Seen too")),
    Column(
        "requester_id",
        NUMBER,
        shown=Shown("requester", "From", "from", "requester", 13, 2),
        edit=Edit("requester", "person", "address, name, phone or #number", clears=False),
    ),
    Column("requester_unsure", FLAG, default=False),
    Column("organisation_id", NUMBER),
    Column(
        "category_id",
        NUMBER,
        shown=Shown("category", "Category", "category", "category", 16, 7),
        edit=Edit("category", "name"),
    ),
    Column(
        "service_id",
        NUMBER,
        shown=Shown("service", "Service", "service", "service", 14),
        edit=Edit("service", "name"),
    ),
    Column(
        "group_id",
        NUMBER,
        shown=Shown("group", "Group", "group", "group", 12, 8),
        edit=Edit("group", "name"),
    ),
    Column("from_group_id", NUMBER),
    Column("from_assignee"),
    Column("level", NUMBER, default=1, shown=Shown("level", "Level", "level", "level", 5)),
    Column("assignee", shown=Shown("assignee", "Owner", "assignee", "assignee", 9, 3)),
    Column(
        "device_id",
        NUMBER,
        shown=Shown("device", "Device", "device", "device", 12),
        edit=Edit("device", "name"),
    ),
    Column("waiting_for", shown=Shown("waiting_for", "Waits for", "waiting", width=13, rank=6)),
    Column("waiting_until", MOMENT, shown=Shown("waiting_until", "Until", width=16)),
    Column("waiting_reason", default=""),
    Column(
        "needs",
        default="nothing",
        shown=Shown("needs", "Needs", "needs", width=9),
        edit=Edit("needs", "words", words=tuple(Needs), clears=False),
    ),
    Column(
        "approver",
        default="",
        shown=Shown("approver", "Approver", width=16),
        edit=Edit("approver", "person", "who must grant it; they get a letter"),
    ),
    Column("approver_id", NUMBER),
    Column("approval", shown=Shown("approval", "Approval", width=9)),
    Column("approval_at", MOMENT),
    Column("outcome", shown=Shown("outcome", "Closed as", "outcome", width=9)),
    Column("close_reason", default=""),
    Column("resolution", default="", shown=Shown("resolution", "Resolution", width=24)),
    Column("solution_id", NUMBER, shown=Shown("solution", "Solution", "solution", width=8)),
    Column("craft_proof"),
    Column("customer_proof"),
    Column("rating", NUMBER, shown=Shown("rating", "Rating", "rating", "rating", 6)),
    Column("rating_comment", default=""),
    Column("merged_into", NUMBER),
    Column("foreign_id", shown=Shown("foreign_id", "Other number", "foreign", width=12)),
    Column("solved_at", MOMENT, shown=Shown("solved_at", "Solved", width=16)),
    Column("closed_at", MOMENT, shown=Shown("closed_at", "Closed", "closed", "closed", 16)),
    Column("first_closed_at", MOMENT),
    Column(
        "people",
        NUMBER,
        shown=Shown("people", "People", "people", "people", 6),
        edit=Edit("people", "count", "how many it touches", clears=False),
    ),
    Column(
        "cannot_work",
        FLAG,
        shown=Shown("cannot_work", "Cannot work", width=11),
        edit=Edit("cannot_work", "yes"),
    ),
    Column(
        "needed_by",
        MOMENT,
        shown=Shown("needed_by", "Needed by", width=16),
        edit=Edit("needed_by", "moment", "14:00, friday, 2026-12-24"),
    ),
)
"""What a change may name."""

DERIVED = (
    Column("picked_at", MOMENT, shown=Shown("picked_at", "Picked up", width=16)),
    Column("responded_at", MOMENT, shown=Shown("responded_at", "Answered", width=16)),
    Column("unanswered_at", MOMENT, shown=Shown("unanswered_at", "Waits for answer", width=16)),
    Column("due_at", MOMENT, shown=Shown("due_at", "Due", "", sort="promise", width=16)),
    Column("pickup_due", MOMENT, shown=Shown("pickup_due", "Pick-up due", width=16)),
    Column("response_due", MOMENT, shown=Shown("response_due", "Answer due", width=16)),
    Column("solution_due", MOMENT, shown=Shown("solution_due", "Solution due", width=16)),
    Column("rank_at", MOMENT),
    Column("line", NUMBER),
    Column("burst", NUMBER),
    Column("folded"),
    Column("impact", NUMBER, shown=Shown("impact", "Impact", "impact", "impact", 6)),
    Column("worked", NUMBER, default=0, shown=Shown("worked", "Worked", "time", "time", 7)),
)
"""What follows from other columns and the ledger: written by the followers of a change alone."""

FIXED = (
    Column("id", NUMBER, shown=Shown("id", "Ticket", "id", "id", 8, 0)),
    Column("version", NUMBER, shown=Shown("version", "Version", width=7)),
    Column("opened_at", MOMENT, shown=Shown("opened_at", "Opened", "created", "created", 16)),
    Column("updated_at", MOMENT, shown=Shown("updated_at", "Changed", "updated", "updated", 8, 9)),
    Column("is_open", FLAG),
)
"""What no change names: identity, and what the writing itself keeps."""

JOINED = (
    Column("asks", FLAG, shown=Shown("asks", "Asks", width=5)),
    Column("phone", shown=Shown("phone", "Phone")),
    Column("department", shown=Shown("department", "Department", "department", "department", 14)),
    Column("segment", shown=Shown("segment", "Segment", "segment", "segment", 10)),
    Column("location", shown=Shown("location", "Place", width=12)),
    Column("organisation", shown=Shown("organisation", "Organisation", "org", "org", 16)),
    Column("site", shown=Shown("site", "Site", "site", "site", 12)),
    Column("model", shown=Shown("model", "Model", "model", "model", 14)),
    Column("system", shown=Shown("system", "System", width=14)),
    Column("serial", shown=Shown("serial", "Serial", width=12)),
    Column("owner_groups", MANY, shown=Shown("owner_groups", "Owner's groups", "owner-group")),
    Column("problems", MANY, shown=Shown("problems", "Problems", "problem", width=8)),
)
"""What a list shows beside them, found through the requester, the device, the owner, the links."""

WORKED_OUT = (
    Column("promise", shown=Shown("promise", "Promise", sort="promise", width=8, rank=1)),
    Column("age", shown=Shown("age", "Age", "age", "age", 6, 5)),
)
"""What depends on the moment a list is looked at."""

LISTED = {
    one.shown.key: one
    for one in (*FIXED, *COLUMNS, *DERIVED, *JOINED, *WORKED_OUT)
    if one.shown is not None
}
"""Key → the column, of everything that a list can show; beside them each field of the desk's own,
as `field.NAME`."""
FIELD = "field."

EDITED = {one.edit.name: one for one in COLUMNS if one.edit is not None}
"""Name in a correction → the column, in the order of the form; beside them the own fields."""

_LABELS = {one.name: one.label.lower() for one in COLUMNS} | {
    "assignee": "owner",
    "requester_id": "requester",
}
BESIDE = frozenset(
    (
        *("closed_at", "first_closed_at", "solved_at", "waiting_reason", "close_reason", "level"),
        *("from_group_id", "from_assignee", "craft_proof", "customer_proof", "organisation_id"),
        *("approval_at", "approver_id", "rating_comment", "requester_unsure"),
    )
)
"""Columns that only follow what another one tells."""


def key_words(key: str) -> str:
    """Give what people call what a change names: `category`, `step classify`, a field's name."""
    column, _, name = key.partition(".")
    if not name:
        return _LABELS.get(column, column.replace("_", " "))
    return name if column == "field" else f"{column} {name}"


def stored_words(value: object) -> str:
    """Give a stored value in words: nothing, yes and no, of several parts the first."""
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple) and value:
        return stored_words(value[0])
    return str(value)
