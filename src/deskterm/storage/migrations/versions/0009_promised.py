"""Call-backs that were promised, and who is off with which deputy."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "callback",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["owner"], ["technician.login"]),
        sa.PrimaryKeyConstraint("ticket_id", "number"),
    )
    op.create_index(
        "callback_at",
        "callback",
        ["at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("from_at", Moment(), nullable=False),
        sa.Column("until_at", Moment(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["technician.login"]),
        sa.ForeignKeyConstraint(["deputy"], ["technician.login"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_until_at", "absence", ["until_at"], unique=False)
