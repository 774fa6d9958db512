"""The board's lines, the deadline of each promise as it was judged, and running bursts.

What follows from the ledger (pick-up, deadlines, rank) is worked out by the newest migration that
it asks for, once for every older schema.
"""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0016"
down_revision = "0015"

_MIRRORED = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f', "
    "2 * julianday('2400-01-01') - julianday(closed_at)) || '000Z'",
    "postgresql": "timestamptz '2400-01-01T00:00:00Z' "
    "+ (timestamptz '2400-01-01T00:00:00Z' - closed_at)",
}
"""When a ticket ended, mirrored so that the newest stands first."""


def upgrade() -> None:
    for column in (
        sa.Column("pickup_due", Moment(), nullable=True),
        sa.Column("solution_due", Moment(), nullable=True),
        sa.Column("line", sa.Integer(), server_default=sa.text("3"), nullable=False),
        sa.Column("burst", sa.Integer(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("ticket", column)
    mirrored = _MIRRORED[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE ticket SET line = 7, rank_at = {mirrored} "  # noqa: S608 - one of two
        "WHERE is_open = FALSE AND closed_at IS NOT NULL"
    )
    op.execute("UPDATE ticket SET line = 7 WHERE is_open = FALSE AND closed_at IS NULL")
    op.drop_index("ticket_board", table_name="ticket")
    op.create_index(
        "ticket_board",
        "ticket",
        [sa.text("is_open DESC"), "line", "rank_at", sa.text("impact DESC"), "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "ticket_burst",
        "ticket",
        ["burst"],
        unique=False,
        sqlite_where=sa.text("burst > 0"),
        postgresql_where=sa.text("burst > 0"),
    )
