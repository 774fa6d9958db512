"""Problems: one cause behind several tickets, who was told of it, and announcements to everyone."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class Problem(SQLModel, table=True):
    """One cause of tickets, suspected or known (semantics.md §9). Its cause is internal."""

    __tablename__ = "problem"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    state: str = Field(default="suspected", index=True)
    cause: str = ""
    workaround: str = ""
    """What helps until it is mended; may be told to customers."""
    reproduction: str = ""
    """The steps that lead to it."""
    model: str = ""
    """Affected device models, with commas between; `*` at an end stands for anything."""
    os: str = ""
    """Affected systems and versions, such as `Windows 11*`, with commas between."""
    site_id: int | None = Field(default=None, foreign_key="site.id")
    category_id: int | None = Field(default=None, foreign_key="category.id")
    severity: str = "normal"
    """low, normal or high."""
    owner: str = ""
    version: int = 1
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class ProblemTicket(SQLModel, table=True):
    """A ticket of a problem."""

    __tablename__ = "problem_ticket"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    problem_id: int = Field(foreign_key="problem.id", primary_key=True, index=True)


class ProblemTold(SQLModel, table=True):
    """A person who was told of a problem before they called (G5): once a person and problem."""

    __tablename__ = "problem_told"

    problem_id: int = Field(foreign_key="problem.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Announcement(SQLModel, table=True):
    """What is said to everyone, or to a site, until it ends (G2)."""

    __tablename__ = "announcement"
    __table_args__ = (
        Index(
            "announcement_running",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    text: str
    site_id: int | None = Field(default=None, foreign_key="site.id")
    problem_id: int | None = Field(default=None, foreign_key="problem.id")
    actor: str
    from_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    until_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))
