"""Technicians' own notices, how they want to hear of them, and focus time."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for column in (
        sa.Column("notify", sa.Text(), nullable=True),
        sa.Column("mail", sa.Text(), server_default=sa.text("'at-once'"), nullable=False),
        sa.Column("focus_from", Moment(), nullable=True),
        sa.Column("focus_until", Moment(), nullable=True),
        sa.Column("focus_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("technician", column)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["login"], ["technician.login"]),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger.id"]),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_ticket_id", "notice", ["ticket_id"])
    op.create_index("ix_notice_operation_id", "notice", ["operation_id"])
    op.create_index("notice_login", "notice", ["login", "id"])
    op.create_index(
        "notice_unseen",
        "notice",
        ["login", "id"],
        sqlite_where=sa.text("seen_at IS NULL"),
        postgresql_where=sa.text("seen_at IS NULL"),
    )
