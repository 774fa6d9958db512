"""What figures keep of tickets: follows from their ledger, written with every change."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class KeptCourse(SQLModel, table=True):
    """How a ticket that was closed went; follows from its ledger (`storage/ticket/course.py`)."""

    __tablename__ = "course"

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    closed_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    """When it was closed for the first time."""
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
    """JSON: such a number → why; empty where none went wrong."""


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


class CourseDue(SQLModel, table=True):
    """A ticket whose course and measure are still to be kept: the jobs do it, the newest first."""

    __tablename__ = "course_due"

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )


class DayTotal(SQLModel, table=True):
    """What the measures and results of one day come to, kept once the day is over.

    A day is one of the desk's zone, known by its first instant and the first one after it. It holds
    as long as no mark lies in it (`storage/day_totals.py`).
    """

    __tablename__ = "day_total"

    anchor: str = Field(primary_key=True)
    """By what tickets stand in the day: opened, closed, pickup, response, solution."""
    starts_at: datetime = Field(sa_column=Column(Moment, primary_key=True))
    until: datetime = Field(sa_column=Column(Moment, primary_key=True))
    counts: str
    """JSON: column → hits and cases."""
    lengths: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The sorted lengths of the columns that have some, one after another."""


class DayMark(SQLModel, table=True):
    """Something of a day has changed since its totals were kept; written by triggers.

    A row each, so that no writer waits for another.
    """

    __tablename__ = "day_mark"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
