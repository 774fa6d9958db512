"""A run knows the end of its guide that it came to; of older ones what the ledger tells.

Days that are over are kept by these ends, too: a run that ends or goes on marks its ticket's days.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

_TICKETS = "SELECT new.ticket_id"
_DAYS = (
    f"SELECT opened_at, 0 FROM measure WHERE ticket_id IN ({_TICKETS}) "
    f"UNION SELECT closed_at, 0 FROM measure WHERE closed_at IS NOT NULL "
    f"AND ticket_id IN ({_TICKETS}) "
    f"UNION SELECT ended_at, 0 FROM result WHERE ended_at IS NOT NULL AND ticket_id IN ({_TICKETS})"
)
_EVENT = "UPDATE OF leaf, status ON guide_run"
_PUT = f"INSERT INTO day_mark (at, whole) {_DAYS};"


def upgrade() -> None:
    op.add_column(
        "guide_run", sa.Column("leaf", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    bind = op.get_bind()
    _fill(bind)
    if bind.dialect.name == "sqlite":
        when = "old.leaf IS NOT new.leaf OR old.status IS NOT new.status"
        made = [f"CREATE TRIGGER guide_run_marks_end AFTER {_EVENT} WHEN {when} BEGIN {_PUT} END"]
    else:
        schema = bind.execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        when = "old.leaf IS DISTINCT FROM new.leaf OR old.status IS DISTINCT FROM new.status"
        made = [
            "CREATE FUNCTION guide_run_marks_end() RETURNS trigger LANGUAGE plpgsql "
            f"SECURITY DEFINER SET search_path = {schema}, pg_temp "
            f"AS $$ BEGIN {_PUT} RETURN NULL; END $$",
            f"CREATE TRIGGER guide_run_marks_end AFTER {_EVENT} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION guide_run_marks_end()",
        ]
    for statement in made:
        bind.connection.driver_connection.execute(statement)


def _fill(bind: sa.Connection) -> None:
    """Take the end of each run that is over from the newest entry that tells of it."""
    rows = bind.execute(
        sa.text(
            "SELECT l.data FROM ledger l WHERE l.kind = 'ticket' AND l.event = 'guide' "
            "AND l.data LIKE '%\"node\"%' ORDER BY l.id"
        )
    )
    ends: dict[int, tuple[str, str]] = {}
    for row in rows:
        data = json.loads(row[0])
        if isinstance(data.get("run"), int) and isinstance(data.get("node"), str):
            ends[data["run"]] = (str(data.get("status", "")), data["node"])
    if ends:
        bind.execute(
            sa.text("UPDATE guide_run SET leaf = :leaf WHERE id = :id AND status = :status"),
            [{"id": run, "leaf": leaf, "status": status} for run, (status, leaf) in ends.items()],
        )
