"""Mail: what came in, what goes out, whose turn it is to work; notices; what is said to many."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class Received(SQLModel, table=True):
    """A mail as it was accepted. Never deleted; its state says what became of it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("mailbox", "key", "sha256"),
        Index("inbox_state", "state", "id"),
        Index("inbox_key", "key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    mailbox: str
    key: str
    """The Message-ID, or the hash where there is none."""
    sha256: str = Field(foreign_key="blob.sha256")
    size: int
    received_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    envelope_from: str = ""
    envelope_to: str = ""
    state: str = "waiting"
    """waiting, ticket, reply, duplicate, machine, quarantined or discarded."""
    reason: str = ""
    subject: str = ""
    sender: str = ""
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    attempts: int = 0
    copies: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many exact copies came after it."""


class MailReference(SQLModel, table=True):
    """A Message-ID that belongs to a ticket, foreign or our own."""

    __tablename__ = "mail_reference"

    message_id: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)


class Letter(SQLModel, table=True):
    """One letter to one recipient, from the outbox."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_state", "state", "not_before"),
        Index("outbox_sent", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    operation_id: str = Field(foreign_key="operation.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    """None where it is about no single ticket: an overview for a technician."""
    recipient: str
    recipient_name: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    template: str
    message_id: str = Field(unique=True)
    entries: str = "[]"
    """A JSON array of the ledger entries it tells of."""
    data: str = Field(default="{}", sa_column_kwargs={"server_default": text("'{}'")})
    """A JSON object: what it says beyond those entries, such as the lines of an overview."""
    state: str = "queued"
    """queued, claimed, sent, failed or withdrawn."""
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    not_before: datetime = Field(sa_column=Column(Moment, nullable=False))
    attempts: int = 0
    holder: str | None = None
    held_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    sha256: str | None = Field(default=None, foreign_key="blob.sha256")
    """The frozen bytes, from the first claim on."""
    error: str = ""
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Lease(SQLModel, table=True):
    """Which process does the jobs until when."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_column=Column(Moment, nullable=False))


class Mailbox(SQLModel, table=True):
    """A place that mail is taken from or handed over for, with defaults for its tickets."""

    __tablename__ = "mailbox"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str
    """imap, maildir, mbox, pipe or lmtp."""
    address: str = ""
    """Mail to it belongs here, with or without a token; also one of the desk's own addresses."""
    group_id: int | None = Field(default=None, foreign_key="desk_group.id")
    category_id: int | None = Field(default=None, foreign_key="category.id")
    channel: str = "email"
    active: bool = True
    source: str = "{}"
    """A JSON object of what its kind needs: host, folder, path and so on; never a secret."""
    since: datetime = Field(sa_column=Column(Moment, nullable=False))
    uid_validity: int | None = Field(default=None, sa_column=Column(BigInteger))
    last_uid: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    """The last UID taken; of an mbox the bytes read."""
    last_success: datetime | None = Field(default=None, sa_column=Column(Moment))
    trouble: str = ""
    """One sentence: why no mail comes now."""
    trouble_kind: str = ""
    next_try: datetime | None = Field(default=None, sa_column=Column(Moment))


class MailReceipt(SQLModel, table=True):
    """A mail that was taken from an IMAP folder and is not yet flagged or moved there."""

    __tablename__ = "mail_receipt"

    mailbox_id: int = Field(foreign_key="mailbox.id", primary_key=True)
    uid_validity: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    uid: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    inbox_id: int = Field(foreign_key="inbox.id")


class Notice(SQLModel, table=True):
    """One technician is told that something happened, mostly on a ticket."""

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "notice_unseen",
            "login",
            "id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
        Index("notice_login", "login", "id"),
        Index(
            "notice_unmailed",
            "login",
            "id",
            sqlite_where=text("letter_id IS NULL AND seen_at IS NULL"),
            postgresql_where=text("letter_id IS NULL AND seen_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(foreign_key="technician.login")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    """None where it is of no ticket: what its entry is about, or what is said, is it then."""
    entry_id: int | None = Field(default=None, foreign_key="ledger.id")
    operation_id: str = Field(foreign_key="operation.id", index=True)
    kind: str
    urgent: bool
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seen_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    letter_id: int | None = Field(default=None, foreign_key="outbox.id", index=True)
    """The letter that told of it; none: not by mail, or not yet."""
    said: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What is told where there is neither ticket nor entry: words of the program's own."""


class NewsTold(SQLModel, table=True):
    """A person who was told something once: an announcement's wording, a tip, the welcome."""

    __tablename__ = "news_told"

    kind: str = Field(primary_key=True)
    """Of what it is: announcement, solution (its tip) or person (the welcome)."""
    subject_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    wording: str = Field(primary_key=True)
    """Which of its words: `running`, `update 2`, `tip` …"""
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Announcement(SQLModel, table=True):
    """What is said to everyone, or to an audience, until it ends (G2)."""

    __tablename__ = "announcement"
    __table_args__ = (
        Index(
            "announcement_running",
            "id",
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    text: str
    """What is said now: an update takes its place."""
    audience: str = Field(default="", sa_column_kwargs={"server_default": sql("''")})
    """A query over people; empty: everybody."""
    kind: str = Field(default="news", sa_column_kwargs={"server_default": sql("'news'")})
    """outage, maintenance or news."""
    letters: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    """Whether its audience gets letters, or reads it on boards only."""
    problem_id: int | None = Field(default=None, foreign_key="problem.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """The client whose people alone it is for; None: anybody."""
    actor: str
    from_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    until_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    remind_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    withdrawn: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    """It does not happen, or was said in error."""
    closing: str = Field(default="", sa_column_kwargs={"server_default": sql("''")})
    """What is said at its end."""
    updates: int = Field(default=0, sa_column_kwargs={"server_default": sql("0")})
    due: str = Field(default="", sa_column_kwargs={"server_default": sql("''")})
    """Which wording is still to be told by letter; empty: none."""
    due_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """When its letters may be written."""
    told: int = Field(default=0, sa_column_kwargs={"server_default": sql("0")})
    """How many letters were written of it."""
    trouble: str = Field(default="", sa_column_kwargs={"server_default": sql("''")})
    """Why its letters cannot be written: its audience cannot be read any more."""
