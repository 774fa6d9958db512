"""Promise: asked facts, and what follows from them and the ledger: pick-up, deadline, rank, impact."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0007"
down_revision = "0006"

NEVER = "2999-12-31T00:00:00.000000Z"


def upgrade() -> None:
    for column in (
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("cannot_work", sa.Boolean(), nullable=True),
        sa.Column("needed_by", Moment(), nullable=True),
        sa.Column("picked_at", Moment(), nullable=True),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("rank_at", Moment(), server_default=sa.text(f"'{NEVER}'"), nullable=False),
        sa.Column("impact", sa.Integer(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("ticket", column)
    op.drop_index("ticket_board", table_name="ticket")
    op.create_index(
        "ticket_board",
        "ticket",
        [
            sa.text("is_open DESC"),
            sa.text("urgent DESC"),
            "rank_at",
            sa.text("impact DESC"),
            "opened_at",
            "id",
        ],
        unique=False,
    )
    op.create_index(
        "ticket_due",
        "ticket",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
