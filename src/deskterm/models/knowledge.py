"""Guides, solutions, views and the desk's own settings."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class GuideVersion(SQLModel, table=True):
    """One version of a troubleshooting guide, as its author wrote it."""

    __tablename__ = "guide"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    version: int
    title: str
    source: str
    """The YAML text."""
    actor: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})


class GuideRun(SQLModel, table=True):
    """One walk through a guide, pinned to its version."""

    __tablename__ = "guide_run"

    id: int | None = Field(default=None, primary_key=True)
    guide_id: int = Field(foreign_key="guide.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    owner: str
    status: str = "running"
    """running, paused, solved, escalated or abandoned."""
    state: str = "{}"
    """The walk as JSON: facts, answers, notes, where it stands."""
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    version: int = 1


class Solution(SQLModel, table=True):
    """An answer that worked (KCS): how far it is trusted and who may read it are two fields."""

    __tablename__ = "solution"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    symptoms: str = ""
    environment: str = ""
    cause: str = ""
    resolution: str = ""
    tip: str = ""
    confidence: str = "draft"
    audience: str | None = None
    category_id: int | None = Field(default=None, foreign_key="category.id")
    source_ticket_id: int | None = Field(default=None, index=True)
    fixed_in: str = ""
    owner: str = ""
    review_by: str | None = None
    """An ISO date."""
    version: int = 1
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    published_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    worked: int = 0
    failed: int = 0


class SolutionUse(SQLModel, table=True):
    """A solution was used on a ticket, and worked or did not."""

    __tablename__ = "solution_use"

    id: int | None = Field(default=None, primary_key=True)
    solution_id: int = Field(foreign_key="solution.id", index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    actor: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    worked: bool | None = None


class SavedView(SQLModel, table=True):
    """A named query: everyone's where the owner is empty."""

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, primary_key=True)
    owner: str = ""
    name: str
    query: str
    position: int = 0


class DeskSetting(SQLModel, table=True):
    """A setting of the desk (templates, mission, limits, mailboxes), a JSON value."""

    __tablename__ = "desk_setting"

    key: str = Field(primary_key=True)
    value: str


class Secret(SQLModel, table=True):
    """A secret that signs tokens; old ones are kept so that old mails still find their ticket."""

    __tablename__ = "secret"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    value: str
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
