"""Announcements have an audience, times, wordings and letters; who was told of what, once."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    for name in ("audience", "closing", "due", "trouble"):
        op.add_column("announcement", _text(name))
    op.add_column("announcement", _text("kind", "news"))
    for name in ("letters", "withdrawn"):
        op.add_column(
            "announcement",
            sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False),
        )
    for name in ("remind_at", "due_at"):
        op.add_column("announcement", sa.Column(name, Moment(), nullable=True))
    for name in ("updates", "told"):
        op.add_column(
            "announcement",
            sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False),
        )
    op.execute(
        """UPDATE announcement SET audience = 'site:"' || (SELECT replace(replace(s.name, '\\',
        '\\\\'), '"', '\\"') FROM site s WHERE s.id = site_id) || '"' WHERE site_id IS NOT NULL"""
    )
    _drop_site()
    op.add_column("problem_told", _text("wording"))
    op.create_table(
        "news_told",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "wording")),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("kind", "subject_id", "wording", "person_id"),
    )
    op.create_index("ix_news_told_person_id", "news_told", ["person_id"])


def _text(name: str, value: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{value}'"), nullable=False)


def _drop_site() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_column("announcement", "site_id")
        return
    op.drop_index("announcement_running", table_name="announcement")
    with op.batch_alter_table("announcement") as batch:
        batch.drop_column("site_id")
    op.create_index(
        "announcement_running",
        "announcement",
        ["id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
