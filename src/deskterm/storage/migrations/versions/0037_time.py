"""Time worked on tickets, with their sums; what guide runs took so far is booked."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0037"
down_revision = "0036"

_TOOK = {
    "sqlite": "CAST((julianday(r.updated_at) - julianday(r.started_at)) * 86400 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM r.updated_at - r.started_at) AS integer)",
}
_LONGEST = 3600
"""A run that took longer was left open: of it so much counts."""


def upgrade() -> None:
    op.create_table(
        "time_entry",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "ticket_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("technician", "kind", "state")),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["technician"], ["technician.login"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_time_entry_ticket_id", "time_entry", ["ticket_id"], unique=False)
    op.create_index("time_started", "time_entry", ["started_at"], unique=False)
    op.create_index(
        "time_running",
        "time_entry",
        ["technician"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.add_column(
        "ticket", sa.Column("worked", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    _count_runs(op.get_bind().dialect.name)


def _count_runs(dialect: str) -> None:
    took = _TOOK[dialect]
    op.execute(
        "INSERT INTO time_entry (id, ticket_id, technician, kind, state, started_at, seconds, "  # noqa: S608 - constants
        "note, run_id) SELECT row_number() OVER (ORDER BY r.id), coalesce(t.merged_into, t.id), "
        f"r.owner, 'guide', 'booked', r.started_at, CASE WHEN {took} > {_LONGEST} THEN {_LONGEST} "
        f"ELSE {took} END, '', r.id FROM guide_run r JOIN ticket t ON t.id = r.ticket_id "
        "JOIN technician x ON x.login = r.owner "
        f"WHERE r.status NOT IN ('running', 'paused') AND {took} > 0"
    )
    op.execute(
        "INSERT INTO counter (name, value) SELECT 'time', max(id) FROM time_entry HAVING count(*) > 0"
    )
    op.execute(
        "UPDATE ticket SET worked = (SELECT sum(e.seconds) FROM time_entry e "
        "WHERE e.ticket_id = ticket.id) WHERE id IN (SELECT ticket_id FROM time_entry)"
    )
