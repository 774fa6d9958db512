"""Days that are over are kept in parts too; what splits tickets into parts marks their days.

What was kept before is worked out anew by the jobs; so are the courses of closed tickets, which are
judged by what was promised.
"""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.drop_table("day_total")
    op.create_table(
        "day_total",
        sa.Column("split", sa.Text(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("shape", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("lengths", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("split", "anchor", "starts_at", "until"),
    )
    op.add_column(
        "day_mark", sa.Column("whole", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.execute(
        "INSERT INTO course_due (ticket_id) SELECT ticket_id FROM course "
        "WHERE ticket_id NOT IN (SELECT ticket_id FROM course_due)"
    )
    bind = op.get_bind()
    schema = ""
    if bind.dialect.name == "postgresql":
        schema = bind.execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    for statement in _triggers(bind.dialect.name, schema):
        bind.connection.driver_connection.execute(statement)


def _triggers(dialect: str, schema: str) -> list[str]:
    """On a server they act as the owner: whoever moves a person marks days of tickets unseen, too."""
    made = []
    for name, event, when, tickets in _MARKS:
        put = f"INSERT INTO day_mark (at, whole) {_days_of(tickets)};"
        if dialect == "sqlite":
            only = f" WHEN {when}" if when else ""
            made.append(f"CREATE TRIGGER {name} AFTER {event}{only} BEGIN {put} END")
            continue
        only = f" WHEN ({when.replace(' IS NOT ', ' IS DISTINCT FROM ')})" if when else ""
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = {schema}, pg_temp AS $$ BEGIN {put} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW{only} EXECUTE FUNCTION {name}()",
        ]
    return made


def _days_of(tickets: str) -> str:
    """Give the times by which tickets stand in days: only what these days have in parts changes."""
    return (
        f"SELECT opened_at, 0 FROM measure WHERE ticket_id IN ({tickets}) "  # noqa: S608 - constants
        f"UNION SELECT closed_at, 0 FROM measure WHERE closed_at IS NOT NULL "
        f"AND ticket_id IN ({tickets}) "
        f"UNION SELECT ended_at, 0 FROM result WHERE ended_at IS NOT NULL AND ticket_id IN ({tickets})"
    )


def _changed(*names: str) -> str:
    return " OR ".join(f"old.{name} IS NOT new.{name}" for name in names)


_ABOUT = ("channel", "urgent", "category_id", "service_id", "group_id", "requester_id")
_PLACES = ("segment", "department", "site_id", "organisation_id")
_USED = ("solution_id", "device_id")
_OWN = "SELECT {0}.ticket_id"
_MARKS = (
    (
        "measure_marks_parts",
        f"UPDATE OF {', '.join(_ABOUT)} ON measure",
        _changed(*_ABOUT),
        _OWN.format("new"),
    ),
    (
        "person_marks_parts",
        f"UPDATE OF {', '.join(_PLACES)} ON person",
        _changed(*_PLACES),
        "SELECT id FROM ticket WHERE requester_id = new.id",
    ),
    (
        "ticket_marks_parts",
        f"UPDATE OF {', '.join(_USED)} ON ticket",
        _changed(*_USED),
        "SELECT new.id",
    ),
    (
        "device_marks_parts",
        "UPDATE OF model ON device",
        _changed("model"),
        "SELECT id FROM ticket WHERE device_id = new.id",
    ),
    (
        "guide_marks_parts",
        "UPDATE OF slug ON guide",
        _changed("slug"),
        "SELECT ticket_id FROM guide_run WHERE guide_id = new.id",
    ),
    *(
        (f"{table}_marks_{event.lower()}", f"{event} ON {table}", "", _OWN.format(row))
        for table in ("guide_run", "problem_ticket")
        for event, row in (("INSERT", "new"), ("DELETE", "old"))
    ),
    *(
        (
            f"{table}_marks_{row}",
            f"UPDATE OF ticket_id, {what} ON {table}",
            _changed("ticket_id", what),
            _OWN.format(row),
        )
        for table, what in (("guide_run", "guide_id"), ("problem_ticket", "problem_id"))
        for row in ("old", "new")
    ),
)
"""Trigger, on what, when, and whose days are marked."""
