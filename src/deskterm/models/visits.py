"""The tables of visits."""

from datetime import datetime

from sqlalchemy import Column, Index
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
