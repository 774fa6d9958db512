"""Notices: what a technician is told of."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class Notice(SQLModel, table=True):
    """One technician is told that something happened on a ticket."""

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "notice_unseen",
            "login",
            "id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
        Index("notice_login", "login", "id"),
        Index(
            "notice_unmailed",
            "login",
            "id",
            sqlite_where=text("letter_id IS NULL AND seen_at IS NULL"),
            postgresql_where=text("letter_id IS NULL AND seen_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(foreign_key="technician.login")
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    entry_id: int | None = Field(default=None, foreign_key="ledger.id")
    operation_id: str = Field(foreign_key="operation.id", index=True)
    kind: str
    urgent: bool
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seen_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    letter_id: int | None = Field(default=None, foreign_key="outbox.id", index=True)
    """The letter that told of it; none: not by mail, or not yet."""
