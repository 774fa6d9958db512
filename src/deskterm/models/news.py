"""What is said to many: announcements, and who was told of what, once each."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


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
