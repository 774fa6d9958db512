"""Which operations are undone at present: an undo may itself be taken back.

What follows from the ledger (pick-up, deadline, rank) is worked out here, once for every older
schema, because it asks for that table.
"""

import sqlalchemy as sa
from alembic import context, op

from deskterm.domain.clock import now

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "taken_back",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"]),
        sa.PrimaryKeyConstraint("operation_id"),
    )
    op.execute(
        "INSERT INTO taken_back (operation_id) "
        "SELECT undoes FROM operation WHERE undoes IS NOT NULL"
    )
    from deskterm.storage.ticket.clocks import refresh
    from deskterm.storage.ticket.impact import refresh as refresh_impact

    database = context.config.attributes["database"]
    refresh(database, now())
    refresh_impact(database)
