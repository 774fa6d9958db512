"""What is promised to customers, and what became of each promise."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class KeptResult(SQLModel, table=True):
    """A clock of a ticket that has ended, judged once (`storage/ticket/results.py`)."""

    __tablename__ = "result"
    __table_args__ = (Index("result_ended", "kind", "ended_at"),)

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    kind: str = Field(primary_key=True)
    """pickup, response (the first), next (a later answer) or solution."""
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """1 for the first; solutions after a reopening and later answers count on."""
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seconds: int
    """Business seconds from start to end, pauses left out."""
    elapsed: int
    """Seconds around the clock, pauses left out."""
    target: str
    """As it was promised then: 4h, 3d, 15m always; none where nothing was."""
    due_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    met: bool | None = None
    """None where nothing was promised."""
    why: str
    """Where the promise came from, in words."""


class ResultDue(SQLModel, table=True):
    """A ticket whose results are still to be kept: the jobs do it, the newest first."""

    __tablename__ = "result_due"

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
