"""Nobody asks the ledger by time alone; the steps of a ticket are their own index on SQLite."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0022"
down_revision = "0021"

_COLUMNS = "ticket_id, step, status, actor, at, reason"


def upgrade() -> None:
    op.drop_index("ix_ledger_at", table_name="ledger")
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "step_kept",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("step", "status", "actor")),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "step"),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO step_kept ({_COLUMNS}) SELECT {_COLUMNS} FROM step")  # noqa: S608 - constants
    op.drop_table("step")
    op.rename_table("step_kept", "step")
