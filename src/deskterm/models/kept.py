"""What figures keep of tickets, which follows from their ledger; what the review board keeps."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class KeptCourse(SQLModel, table=True):
    """How a ticket that was closed went; follows from its ledger (`storage/ticket/course.py`).

    When it was closed for the first time is said by its measure.
    """

    __tablename__ = "course"

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    category_id: int | None = None
    """No foreign key: it follows the ticket's at the end of a unit of work."""
    steps: str
    """A letter for each of the nine steps, as it stood at the last closing."""
    seconds: str
    """JSON: after how many seconds each of the nine was done for the first time."""
    reasons: str
    """JSON: step → why it was skipped; empty where none was."""
    mistakes: str
    """The numbers of the steps that went wrong, a digit each."""
    whys: str
    """JSON: such a number → why, where it is not what is usually said of it; else empty."""


class Measure(SQLModel, table=True):
    """What every figure counts of a ticket; follows from its ledger (`storage/ticket/course.py`).

    Of open tickets it has what is known by then. What is None is not counted at all; 0 is a case
    that does not fit, 1 one that does. Lengths are seconds.
    """

    __tablename__ = "measure"
    __table_args__ = (
        Index("measure_ended", "ended_at", "opened_at", "counted"),
        Index(
            "measure_closed",
            "closed_at",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "measure_merged",
            "merged_at",
            sqlite_where=text("merged_at IS NOT NULL"),
            postgresql_where=text("merged_at IS NOT NULL"),
        ),
    )

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    opened_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """When it was closed for the first time."""
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """When it was closed, cancelled or merged last; None while it is open."""
    counted: int
    """0: merged into another or spam."""
    channel: str
    urgent: int
    category_id: int | None = None
    """These follow the ticket's at the end of a unit of work: no foreign keys."""
    service_id: int | None = None
    group_id: int | None = None
    requester_id: int | None = None
    first_contact: int | None = None
    first_contact_eligible: int | None = None
    first_level: int | None = None
    escalated: int | None = None
    reopened: int | None = None
    known: int | None = None
    linked: int | None = None
    reused: int | None = None
    solution_age: int | None = None
    answered: int | None = None
    satisfied: int | None = None
    moves: int | None = None
    """From one group to another; None: there was none."""
    moved_again: int | None = None
    merged_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """When it was merged into another; None: it is not."""


class CourseDue(SQLModel, table=True):
    """A ticket whose course and measure are still to be kept: the jobs do it, the newest first."""

    __tablename__ = "course_due"

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )


class DayTotal(SQLModel, table=True):
    """What the measures and results of one day come to, whole or in parts, once it is over.

    A day is one of the desk's zone, known by its first instant and the first one after it. It holds
    as long as no mark lies in it (`storage/day_totals.py`).
    """

    __tablename__ = "day_total"

    split: str = Field(primary_key=True)
    """By what it is in parts: category, group, site …; empty: the day as a whole."""
    anchor: str = Field(primary_key=True)
    """By what tickets stand in the day: opened, closed, pickup, response, solution."""
    starts_at: datetime = Field(sa_column=Column(Moment, primary_key=True))
    until: datetime = Field(sa_column=Column(Moment, primary_key=True))
    shape: int
    """What is kept of which columns and splits: a total of another shape is none."""
    parts: str
    """JSON: the parts that had tickets."""
    counts: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Numbers: of each column the hits of every part, then their cases."""
    lengths: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The sorted lengths of the columns that have some, one after another."""


class DayMark(SQLModel, table=True):
    """Something of a day has changed since its totals were kept; written by triggers.

    A row each, so that no writer waits for another.
    """

    __tablename__ = "day_mark"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    whole: int = Field(sa_column_kwargs={"server_default": text("1")})
    """0: the day as a whole comes to the same, only its parts do not."""


class Improvement(SQLModel, table=True):
    """An action of the register: it is to move one figure, and is measured by it."""

    __tablename__ = "improvement"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    words: str
    """What is done."""
    figure: str
    """By its name in `reports/figures.py`."""
    query: str
    """Of which tickets; empty: of all."""
    target: str
    """As it was typed: 70 %, 4h, at most 30; empty: none."""
    owner: str | None = Field(default=None, foreign_key="technician.login")
    first_day: str
    """2026-10-01: the first day it works; as many days before are its baseline."""
    last_day: str
    """The last day it is measured."""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """Whose it is: measured by the tickets of this client alone, and seen by whoever sees it."""
    reason: str
    """Why it was given up; empty: it goes on."""
    baseline: str
    """The figure of as many days before its first day, a JSON array; empty: not measured yet."""
    result: str
    """The figure from the first to the last day, likewise."""


class Decision(SQLModel, table=True):
    """What the review board is asked, and what it decided."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    words: str
    asked_by: str | None = Field(default=None, foreign_key="technician.login")
    asked_on: str
    answer: str
    """Empty: it is still asked."""
    taken_by: str
    taken_on: str
    improvement_id: int | None = Field(default=None, foreign_key="improvement.id")
    """What follows from it."""
    service_id: int | None = Field(default=None, foreign_key="service.id")
    """The service that it was proposed of."""


class Feedback(SQLModel, table=True):
    """What somebody said of the desk outside the poll."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    words: str
    source: str
    said_on: str
    consent: bool
    """Their name may be used."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")


class Member(SQLModel, table=True):
    """Somebody who sits on the review board."""

    __tablename__ = "member"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str
    login: str | None = Field(default=None, foreign_key="technician.login")
    person_id: int | None = Field(default=None, foreign_key="person.id")


class Retention(SQLModel, table=True):
    """A rule of how long words of closed tickets, or people's data, are kept."""

    __tablename__ = "retention"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    category_id: int | None = Field(default=None, foreign_key="category.id")
    """Only for tickets in it and below; None: for all that no other rule is for."""
    days: int
    """So long after a ticket was closed."""
    what: str
    """`words` of tickets, or `people`."""
    active: bool


class Retained(SQLModel, table=True):
    """A ticket whose words were forgotten by a rule, and in which version it stood then."""

    __tablename__ = "retained"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    version: int
    """Whoever changes the ticket later gives it another: it is looked at again."""
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
