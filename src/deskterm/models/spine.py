"""The spine: operation, ledger, ticket and what hangs on it. Read and written by plain SQL."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment

ON_SQLITE = "sqlite"
"""What an index is of there; each ends with the number of the row, which grows with time."""


class Operation(SQLModel, table=True):
    """One unit of work, claimed first under an id that the client made."""

    __tablename__ = "operation"
    __table_args__ = (
        Index("operation_actor", "actor", "at", info={ON_SQLITE: ("actor",)}),
        Index(  # a whole one looks poor to a planner who knows that nearly all are NULL
            "operation_undone",
            "undoes",
            unique=True,
            sqlite_where=text("undoes IS NOT NULL"),
            postgresql_where=text("undoes IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    kind: str
    actor: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    undoes: str | None = Field(default=None, foreign_key="operation.id")


class TakenBack(SQLModel, table=True):
    """An operation that was undone and not redone since: what it did does not hold."""

    __tablename__ = "taken_back"

    operation_id: str = Field(foreign_key="operation.id", primary_key=True)


class LedgerEntry(SQLModel, table=True):
    """What happened: append-only; the timeline, the audit trail and the source of every figure."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index(
            "ledger_subject", "kind", "subject_id", "id", info={ON_SQLITE: ("kind", "subject_id")}
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    operation_id: str = Field(foreign_key="operation.id", index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    actor: str
    """A technician's login, or `customer`, `mail`, `desk`, `import`."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """The requester who spoke, where the actor is `customer`."""
    kind: str
    subject_id: int
    version: int = 0
    """The subject's version after this entry."""
    event: str
    public: bool
    text: str = ""
    changes: str = "{}"
    """A JSON object: field → [before, after]."""
    data: str = "{}"


class Redaction(SQLModel, table=True):
    """Words of a ledger entry that were forgotten, and a hash of what stood there."""

    __tablename__ = "redaction"

    entry_id: int = Field(foreign_key="ledger.id", primary_key=True)
    operation_id: str = Field(foreign_key="operation.id", primary_key=True)
    digest: str
    closed: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """The new words are written: this redaction allows no more."""


class Ticket(SQLModel, table=True):
    """A ticket as it stands now; how it came here is in the ledger."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "ticket_board",
            text("is_open DESC"),
            "line",
            "rank_at",
            text("impact DESC"),
            "opened_at",
            "id",
        ),
        Index(
            "ticket_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ticket_state", "state", "opened_at", info={ON_SQLITE: ("state",)}),
        Index("ticket_assignee", "assignee"),
        Index(
            "ticket_urgent",
            text("is_open DESC"),
            "line",
            "rank_at",
            text("impact DESC"),
            "opened_at",
            "id",
            sqlite_where=text("urgent = TRUE"),
            postgresql_where=text("urgent = TRUE"),
        ),
        Index(
            "ticket_burst",
            "burst",
            sqlite_where=text("burst > 0"),
            postgresql_where=text("burst > 0"),
        ),
        Index(
            "ticket_foreign",
            "foreign_id",
            sqlite_where=text("foreign_id IS NOT NULL"),
            postgresql_where=text("foreign_id IS NOT NULL"),
        ),
        Index(
            "ticket_merged",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = 1
    state: str
    is_open: bool
    """Follows from `state`: everything but closed, cancelled and merged."""
    urgent: bool
    channel: str
    subject: str
    body: str
    """What the customer said."""
    problem: str = ""
    """What the problem is."""
    reproduction: str = ""
    """The steps that lead to the trouble."""
    reproduced: bool | None = None
    requester_unsure: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    """Read out of a forwarded mail: a person has to say that it is right."""
    requester_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """Whose it stays, where its requester belongs elsewhere by now; None: its requester's."""
    category_id: int | None = Field(default=None, foreign_key="category.id", index=True)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    group_id: int | None = Field(default=None, foreign_key="desk_group.id", index=True)
    from_group_id: int | None = Field(default=None, foreign_key="desk_group.id")
    """The group that escalated, for the way back."""
    from_assignee: str | None = None
    level: int = 1
    assignee: str | None = Field(default=None, foreign_key="technician.login")
    device_id: int | None = Field(default=None, foreign_key="device.id", index=True)
    waiting_for: str | None = None
    waiting_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    waiting_reason: str = ""
    needs: str = "nothing"
    approver: str = ""
    """Whose approval it is, as people call them."""
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    approval: str | None = None
    """asked, granted or refused."""
    approval_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Since when it is asked, granted or refused."""
    outcome: str | None = None
    close_reason: str = ""
    resolution: str = ""
    solution_id: int | None = Field(default=None, foreign_key="solution.id", index=True)
    craft_proof: str | None = None
    customer_proof: str | None = None
    rating: int | None = None
    """The requester's last vote, 1 to 5 (H3)."""
    rating_comment: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    merged_into: int | None = Field(default=None, foreign_key="ticket.id")
    foreign_id: str | None = None
    opened_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    solved_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    first_closed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    people: int | None = None
    """How many people cannot do their work, as asked; None: not asked."""
    cannot_work: bool | None = None
    """Whether they cannot work at all; None: not asked."""
    needed_by: datetime | None = Field(default=None, sa_column=Column(Moment))
    """By when it is needed, as asked."""
    picked_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Follows from the ledger: the first thing the customer could notice after the opening."""
    responded_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Follows from the ledger: the first public, human message of the desk; a call's own begin."""
    unanswered_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Follows from the ledger: the first later message that nobody has answered yet."""
    due_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Follows from the ledger: when the next promise would be broken; None while none runs."""
    rank_at: datetime = Field(
        sa_column=Column(
            Moment, nullable=False, server_default=text("'2999-12-31T00:00:00.000000Z'")
        )
    )
    """Follows from `due_at`, `waiting_until`, `closed_at`: its place in its line."""
    pickup_due: datetime | None = Field(default=None, sa_column=Column(Moment))
    response_due: datetime | None = Field(default=None, sa_column=Column(Moment))
    solution_due: datetime | None = Field(default=None, sa_column=Column(Moment))
    """When each promise is or was due; kept once it is broken, or the pick-up or answer is made."""
    line: int = Field(default=3, sa_column_kwargs={"server_default": text("3")})
    """Follows from state, urgency, impact and approval: in which line of the board it stands."""
    impact: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many people it touches, as far as is known."""
    worked: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Seconds that were booked on it: the sum of its entries of time."""
    burst: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many people the burst touches that it is part of while that lasts."""
    folded: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Follows from what people wrote: the lines that a search asks for in another writing."""


class TicketStep(SQLModel, table=True):
    """One of the nine steps of a ticket: done or skipped, by whom, when, why."""

    __tablename__ = "step"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    step: str = Field(primary_key=True)
    status: str
    """`done` or `skipped`; a step that is open has no row."""
    actor: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    reason: str = ""


class Link(SQLModel, table=True):
    """Two tickets that belong together; `child` and `duplicate` point from first to second."""

    __tablename__ = "link"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    kind: str = Field(primary_key=True)
    other_id: int = Field(foreign_key="ticket.id", primary_key=True, index=True)


class Watcher(SQLModel, table=True):
    """A person who hears of a ticket besides the requester."""

    __tablename__ = "watcher"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class Question(SQLModel, table=True):
    """What a mail asks for and may not have by itself: a technician says yes or no (§1.8)."""

    __tablename__ = "question"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    kind: str = Field(primary_key=True)
    """`reopen` or `watch`."""
    asks: str
    """JSON: who wrote (`by`), why it is asked (`why`), whom they named (`people`)."""


class FieldValue(SQLModel, table=True):
    """The value of a desk's own field on a ticket."""

    __tablename__ = "field_value"
    __table_args__ = (
        Index("field_value_name", "name", "value"),
        {"sqlite_with_rowid": False},
    )

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class EntryPlace(SQLModel, table=True):
    """A ledger entry that a split moved to another ticket's timeline."""

    __tablename__ = "entry_place"

    entry_id: int = Field(foreign_key="ledger.id", primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)


class Blob(SQLModel, table=True):
    """Bytes under their own hash: raw mail, attachments, frozen letters."""

    __tablename__ = "blob"

    sha256: str = Field(primary_key=True)
    size: int
    content: bytes = Field(sa_column=Column("bytes", LargeBinary, nullable=False))


class Attachment(SQLModel, table=True):
    """A file on a ledger entry."""

    __tablename__ = "attachment"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    entry_id: int = Field(foreign_key="ledger.id", index=True)
    name: str
    media_type: str
    size: int
    sha256: str = Field(foreign_key="blob.sha256")
    inline: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class Draft(SQLModel, table=True):
    """Text that a technician has begun: a reply, a note, a call."""

    __tablename__ = "draft"

    owner: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    subject_id: int = Field(primary_key=True)
    """The ticket, or 0 where there is none yet."""
    body: str
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Counter(SQLModel, table=True):
    """A number that is given out without gaps; `ticket` is the last ticket number."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    value: int
