"""People: requesters, technicians, where they belong, call-backs promised, absences."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class Organisation(SQLModel, table=True):
    """A client organisation."""

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    language: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Of the letters to its people, such as `de`; empty: the desk's."""
    client: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    """Its words reach nobody else's; False: a part of the desk's own house."""
    address: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """From which letters to its people come; empty: the desk's."""
    desk_name: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """How the desk is called in these letters; empty: as always."""
    mission: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    greeting: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What is said to its people on the phone; empty: as always."""
    style: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """A stylesheet for its people's web pages (CSS); empty: the desk's."""


class Site(SQLModel, table=True):
    """A place where people work."""

    __tablename__ = "site"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    address: str = ""
    travel: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Minutes of the way there from the desk."""
    calendar_id: int | None = Field(default=None, foreign_key="calendar.id")
    """Its hours; None: those of the offer, else of the desk."""


class Person(SQLModel, table=True):
    """A requester: somebody who may report trouble."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    phone: str = ""
    department: str = ""
    location: str = ""
    title: str = ""
    segment: str = ""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    notes: str = ""
    language: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Of the letters to them; empty: their organisation's."""
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    news: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    """Wants to hear of releases, tips and the like; False: only of their own tickets."""
    link_round: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How often the links of their web pages were revoked: earlier ones open nothing."""


class PersonAddress(SQLModel, table=True):
    """A mail address; lower case; each belongs to one person. `position` 0 is the main one."""

    __tablename__ = "person_address"

    address: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    position: int = 0
    failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Letters that came back for good since a mail last came from here."""
    first_failure: datetime | None = Field(default=None, sa_column=Column(Moment))
    broken_since: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Since when no letter is written to it any more."""
    broken_reason: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class Device(SQLModel, table=True):
    """A machine or a thing that people use."""

    __tablename__ = "device"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str = ""
    model: str = ""
    os: str = ""
    os_version: str = ""
    serial: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    facts: str = "{}"
    """What else is known, a JSON object (gateway, address …)."""


class Remote(SQLModel, table=True):
    """A command that opens a session to devices of a kind or system (A8)."""

    __tablename__ = "remote"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    run: str = ""
    """The argument list as it is typed: `ssh -t {address}`; no shell reads it."""
    kind: str = ""
    """Kinds of devices it is for, with commas between; empty: any."""
    os: str = ""
    """Systems it is for, such as `Windows 11*`, with commas between; empty: any."""
    active: bool = True


class Technician(SQLModel, table=True):
    """Somebody who works on tickets, known by login."""

    __tablename__ = "technician"

    login: str = Field(primary_key=True)
    name: str = ""
    email: str = ""
    level: int = 1
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    since: datetime = Field(sa_column=Column(Moment, nullable=False))
    notify: str | None = None
    """The kinds of notices wanted, with commas between; none: the default."""
    mail: str = Field(default="at-once", sa_column_kwargs={"server_default": text("'at-once'")})
    """Notices by mail: at-once, digest or none."""
    focus_from: datetime | None = Field(default=None, sa_column=Column(Moment))
    focus_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    """Until then news that is not urgent waits."""
    focus_reason: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    roles: str = Field(default="[]", sa_column_kwargs={"server_default": text("'[]'")})
    """A JSON array of what they do at the desk besides (H7): manager, expert, liaison …"""


class Group(SQLModel, table=True):
    """A group of technicians; level 1 is the desk itself."""

    __tablename__ = "desk_group"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    level: int = 1
    restricted: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """On PostgreSQL its members alone see its tickets, and managers."""


class AllowedClient(SQLModel, table=True):
    """A login sees this client alone, and others that it has a row for; without rows all of them.

    No foreign key to technicians: auditors have no row there.
    """

    __tablename__ = "allowed_client"

    login: str = Field(primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)


class Membership(SQLModel, table=True):
    """A technician belongs to a group."""

    __tablename__ = "membership"

    group_id: int = Field(foreign_key="desk_group.id", primary_key=True)
    login: str = Field(foreign_key="technician.login", primary_key=True)


class Category(SQLModel, table=True):
    """What a ticket is about. `path` is the whole way down the tree, e.g. `network/wifi`."""

    __tablename__ = "category"

    id: int | None = Field(default=None, primary_key=True)
    path: str = Field(unique=True)
    group_id: int | None = Field(default=None, foreign_key="desk_group.id")
    """The group that such tickets go to first."""
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})


class Service(SQLModel, table=True):
    """Something the desk offers."""

    __tablename__ = "service"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class FieldDefinition(SQLModel, table=True):
    """A drop-down field of the desk's own making (A6)."""

    __tablename__ = "field_definition"

    name: str = Field(primary_key=True)
    label: str = ""
    choices: str = "[]"
    """A JSON array of the allowed values; empty means any text."""
    required_for: str = ""
    """A category path: tickets below it must have the field before they are solved."""
    position: int = 0
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """Only tickets of this client have it; None: all."""
    web: str = Field(default="no", sa_column_kwargs={"server_default": text("'no'")})
    """no, seen, asked or needed: what web pages do with it (A9)."""
    labels: str = Field(default="{}", sa_column_kwargs={"server_default": text("'{}'")})
    """A JSON object: language → label, `language:choice` → what people read for a choice."""


class CallBack(SQLModel, table=True):
    """A call-back promised on a ticket, also on one that is closed (B5)."""

    __tablename__ = "callback"
    __table_args__ = (
        Index(
            "callback_at",
            "at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Counts the call-backs of one ticket, from 1."""
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    owner: str = Field(foreign_key="technician.login")
    note: str
    state: str
    """open, done or cancelled."""
    broken: bool = Field(default=False, sa_column_kwargs={"server_default": text("FALSE")})
    """Its time was over before the call was made, moved or given up."""


class Absence(SQLModel, table=True):
    """A technician is off; the deputy sees what happens on their tickets (C7)."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(foreign_key="technician.login")
    from_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    until_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    deputy: str | None = Field(default=None, foreign_key="technician.login")
    reason: str


class Review(SQLModel, table=True):
    """A closed ticket drawn for review, and what a colleague answered (H7)."""

    __tablename__ = "review"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    login: str = Field(foreign_key="technician.login")
    """The reviewed."""
    period: str
    """What it was drawn from."""
    drawn_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    reviewer: str | None = Field(default=None, foreign_key="technician.login")
    answers: str
    """A JSON array of [step, question, answer]."""
    note: str
    filled_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    seen_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    reply: str
    """What the reviewed says to it."""


class Competence(SQLModel, table=True):
    """How well a technician knows a category, 0 to 3, and who says so (H7)."""

    __tablename__ = "competence"
    __table_args__ = (UniqueConstraint("login", "category_id"),)

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(foreign_key="technician.login")
    category_id: int = Field(foreign_key="category.id")
    level: int
    source: str
    """stated, reviewed or closed tickets."""


class Handover(SQLModel, table=True):
    """What one shift leaves to the next, as it stood (H7)."""

    __tablename__ = "handover"

    id: int | None = Field(default=None, primary_key=True)
    login: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    words: str
    items: str
    """A JSON array of [kind, ticket or 0, words]."""


class HandoverRead(SQLModel, table=True):
    """Somebody has read a hand-over."""

    __tablename__ = "handover_read"

    handover_id: int = Field(foreign_key="handover.id", primary_key=True)
    login: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Presence(SQLModel, table=True):
    """A session has a ticket open; by the database's clock, kept for seconds only."""

    __tablename__ = "presence"

    session: str = Field(primary_key=True)
    login: str
    ticket_id: int
    """No foreign keys: nothing waits for whoever only looks."""
    writing: bool
    seen_at: datetime = Field(sa_column=Column(Moment, nullable=False))
