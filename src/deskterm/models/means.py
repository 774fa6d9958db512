"""What is done every day by one key: canned texts, macros, templates and their kin (C8)."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class CannedText(SQLModel, table=True):
    """Words that are inserted by a short name while somebody writes."""

    __tablename__ = "canned_text"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    short: str = ""
    """What is typed after `::`; empty: its name. Several may share it, for other people."""
    words: str = ""
    """With placeholders such as `{first_name}`."""
    language: str = ""
    """Only for people written to in it; empty: for all."""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """Only for its people; None: for all."""
    active: bool = True
    uses: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How often it was sent; ranks them."""


class Macro(SQLModel, table=True):
    """Several verbs under one name, done as one operation."""

    __tablename__ = "macro"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    about: str = ""
    """What it is for, in a few words."""
    steps: str = "[]"
    """A JSON array of requests, with placeholders in their texts."""
    hotkey: str = ""
    """A key that runs it, where no action has that key."""
    active: bool = True


class Checklist(SQLModel, table=True):
    """Items that are put on a ticket together."""

    __tablename__ = "checklist"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    items: str = "[]"
    """A JSON array of texts."""
    required: bool = False
    """They must be done before the ticket is solved."""


class ChecklistItem(SQLModel, table=True):
    """One item on one ticket."""

    __tablename__ = "checklist_item"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    checklist: str
    """The name of the checklist it came with, as it was then."""
    required: bool
    done_by: str | None = None
    done_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class TicketTemplate(SQLModel, table=True):
    """A ticket that is filled in already."""

    __tablename__ = "ticket_template"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    subject: str = ""
    """With {today} and {me}."""
    body: str = ""
    problem: str = ""
    urgent: bool = False
    category_id: int | None = Field(default=None, foreign_key="category.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    group_id: int | None = Field(default=None, foreign_key="desk_group.id")
    checklist_id: int | None = Field(default=None, foreign_key="checklist.id")
    fields: str = "{}"
    """Fields of the desk's own, a JSON object."""
    active: bool = True


class Recurring(SQLModel, table=True):
    """Tickets that are opened again and again by a rule."""

    __tablename__ = "recurring"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    rule: str = ""
    """A rule of RFC 5545 in days; empty: none yet."""
    first_day: str = ""
    """The day that the rule counts from."""
    since_day: str = ""
    """Dates before it are not opened any more: it was set, changed or turned on then."""
    template_id: int | None = Field(default=None, foreign_key="ticket_template.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """Whose tickets they are."""
    calendar_id: int | None = Field(default=None, foreign_key="calendar.id")
    """Its days off move a date; None: the desk's."""
    off: str = "keep"
    """What becomes of a date on a day off: keep, before or after."""
    ahead: int = 0
    """So many days before its date a ticket is opened."""
    active: bool = True
    trouble: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Why the last ticket could not be opened."""


class RecurringMade(SQLModel, table=True):
    """A date of a rule that is done: never twice."""

    __tablename__ = "recurring_made"

    recurring_id: int = Field(foreign_key="recurring.id", primary_key=True)
    day: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)


class OwnVerb(SQLModel, table=True):
    """A verb of the desk's own: a program that gets a ticket as JSON."""

    __tablename__ = "own_verb"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    about: str = ""
    run: str = ""
    """Its argument list as it is typed; the first word is a name of the machine's `programs`."""
    gives: str = "note"
    """What becomes of its words: note, reply or fields."""
    seconds: int = 30
    """So long it may take."""
    hotkey: str = ""
    active: bool = True


class HookRun(SQLModel, table=True):
    """One hook that is to be told of one operation, in a queue like that of the letters."""

    __tablename__ = "hook_run"
    __table_args__ = (Index("hook_run_state", "state", "not_before"),)

    operation_id: str = Field(foreign_key="operation.id", primary_key=True)
    hook: str = Field(primary_key=True)
    """The name of its file."""
    state: str = "queued"
    """queued, claimed, done or failed."""
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    not_before: datetime = Field(sa_column=Column(Moment, nullable=False))
    attempts: int = 0
    holder: str | None = None
    held_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    error: str = ""
