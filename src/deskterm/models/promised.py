"""Call-backs promised to customers, and absences of technicians."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


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


class Absence(SQLModel, table=True):
    """A technician is off; the deputy sees what happens on their tickets (C7)."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(foreign_key="technician.login")
    from_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    until_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    deputy: str | None = Field(default=None, foreign_key="technician.login")
    reason: str
