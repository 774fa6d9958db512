"""What became of each promise is kept when it happens; the jobs fill it for tickets of before."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for name in ("responded_at", "unanswered_at", "response_due"):
        op.add_column("ticket", sa.Column(name, Moment(), nullable=True))
    op.create_table(
        "result",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("elapsed", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "number"),
    )
    op.create_index("result_ended", "result", ["kind", "ended_at"], unique=False)
    op.create_table(
        "result_due",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.execute("INSERT INTO result_due (ticket_id) SELECT id FROM ticket")
