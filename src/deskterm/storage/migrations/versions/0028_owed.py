"""Fixes that were promised to requesters, and which call-backs came late."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "problem_promise",
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("broken", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("problem_id", "ticket_id"),
    )
    op.create_index("ix_problem_promise_ticket_id", "problem_promise", ["ticket_id"])
    op.add_column(
        "callback", sa.Column("broken", sa.Boolean(), server_default=sa.text("FALSE"), nullable=False)
    )
