"""Problems in outside trackers, and the queue of what is to be asked of them (F3)."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class Tracked(SQLModel, table=True):
    """A problem that is kept in step with an outside tracker."""

    __tablename__ = "tracked"

    problem_id: int = Field(foreign_key="problem.id", primary_key=True)
    tracker: str = Field(primary_key=True)
    """The name by which machines know its program."""
    ref: str = ""
    """What the tracker calls it; empty until it was opened there."""
    url: str = ""
    state: str = ""
    fixed_in: str = ""
    told: str = ""
    """The hash of the words that the tracker has, or that are on their way."""
    told_state: str = ""
    """The problem's state that it was told."""
    told_version: int = 0
    """The problem's version that was last looked at for something to tell."""
    read_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class TrackedComment(SQLModel, table=True):
    """A comment of a tracker that stands on its problem: once, however often it is read."""

    __tablename__ = "tracked_comment"

    problem_id: int = Field(foreign_key="problem.id", primary_key=True)
    tracker: str = Field(primary_key=True)
    foreign_id: str = Field(primary_key=True)
    entry_id: int = Field(foreign_key="ledger.id")


class Errand(SQLModel, table=True):
    """One thing to be asked of a tracker, in a queue like that of the letters."""

    __tablename__ = "errand"
    __table_args__ = (
        Index("errand_state", "state", "not_before"),
        Index("errand_problem", "problem_id", "tracker"),
    )

    id: int | None = Field(default=None, primary_key=True)
    operation_id: str = Field(foreign_key="operation.id", index=True)
    problem_id: int = Field(foreign_key="problem.id")
    tracker: str
    kind: str
    """open, update, comment or read."""
    words: str = ""
    """What a comment says."""
    anyway: bool = False
    """Whether a person sends it in spite of what the leak check finds."""
    request: str = ""
    """The JSON line, from the first claim on: the same bytes at every try."""
    state: str = "queued"
    """queued, claimed, sent, failed or withdrawn."""
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    not_before: datetime = Field(sa_column=Column(Moment, nullable=False))
    attempts: int = 0
    holder: str | None = None
    held_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    error: str = ""
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment))
