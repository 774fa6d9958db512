"""What technicians do for a ticket: visits, and the time they work on it."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class Visit(SQLModel, table=True):
    """A technician comes to a place for a ticket (G3); the ledger tells of it on the ticket."""

    __tablename__ = "visit"
    __table_args__ = (Index("visit_technician_at", "technician", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    technician: str = Field(foreign_key="technician.login")
    at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True, index=True))
    """None while it is only offered."""
    until_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    minutes: int
    travel: int
    """Minutes of the way there."""
    site_id: int | None = Field(default=None, foreign_key="site.id")
    place: str
    what: str
    state: str
    """offered, fixed, declined, done, missed, cancelled; undone: it was never agreed on."""
    slots: str
    """A JSON array of the times that were offered."""
    answer: str
    """What the customer's calendar said."""
    sequence: int
    """Counts the changes, so that calendars know which invitation is the newest; never falls."""


class TimeEntry(SQLModel, table=True):
    """Time that somebody worked on a ticket (H9); what is booked never changes."""

    __tablename__ = "time_entry"
    __table_args__ = (
        Index("time_started", "started_at"),
        Index(
            "time_running",
            "technician",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    technician: str = Field(foreign_key="technician.login")
    kind: str
    """typed, clock, call or guide."""
    state: str
    """running, booked, proposed or dropped."""
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seconds: int
    """0 while the clock runs; negative where it corrects another entry."""
    note: str
    run_id: int | None = None
    """The guide run it was counted from."""
