"""Figures count what was merged away, and moves from group to group; what is there is counted anew.

Of tickets that moved the jobs work it out. A day of a merging is marked like that of a closing.
"""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0053"
down_revision = "0052"

_CHANGED = " OR ".join(
    f"old.{name} IS NOT new.{name}" for name in ("merged_at", "moves", "moved_again")
)
_MARKS = (
    (
        "measure_marks_moves",
        "UPDATE OF merged_at, moves, moved_again ON measure",
        _CHANGED,
        "SELECT old.merged_at AS at UNION SELECT new.merged_at UNION SELECT new.closed_at",
    ),
    (
        "measure_marks_merged",
        "INSERT ON measure",
        "new.merged_at IS NOT NULL",
        "SELECT new.merged_at AS at",
    ),
    (
        "measure_marks_parted",
        "DELETE ON measure",
        "old.merged_at IS NOT NULL",
        "SELECT old.merged_at AS at",
    ),
)
"""Trigger, on what, when, and the times that are marked."""


def upgrade() -> None:
    op.add_column("measure", sa.Column("moves", sa.Integer(), nullable=True))
    op.add_column("measure", sa.Column("moved_again", sa.Integer(), nullable=True))
    op.add_column("measure", sa.Column("merged_at", Moment(), nullable=True))
    there = sa.text("merged_at IS NOT NULL")
    op.create_index(
        "measure_merged",
        "measure",
        ["merged_at"],
        unique=False,
        sqlite_where=there,
        postgresql_where=there,
    )
    bind = op.get_bind()
    _fill(bind)
    for name, event, when, times in _MARKS:
        put = f"INSERT INTO day_mark (at) SELECT at FROM ({times}) x WHERE at IS NOT NULL;"
        if bind.dialect.name == "sqlite":
            made = [f"CREATE TRIGGER {name} AFTER {event} WHEN {when} BEGIN {put} END"]
        else:
            only = when.replace(" IS NOT new.", " IS DISTINCT FROM new.")
            made = [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {put} RETURN NULL; END $$",
                f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({only}) "
                f"EXECUTE FUNCTION {name}()",
            ]
        for statement in made:
            bind.connection.driver_connection.execute(statement)


def _fill(bind: sa.Connection) -> None:
    """Take what is known of tickets; those whose moves are still to be counted wait for it."""
    for text in (
        "UPDATE measure SET merged_at = (SELECT closed_at FROM ticket t WHERE t.id = ticket_id) "
        "WHERE ticket_id IN (SELECT id FROM ticket WHERE state = 'merged')",
        "UPDATE measure SET moved_again = 0 WHERE escalated IS NOT NULL",
        "INSERT INTO course_due (ticket_id) SELECT ticket_id FROM measure "
        "WHERE escalated IS NOT NULL AND ticket_id IN (SELECT subject_id FROM ledger "
        "WHERE kind = 'ticket' AND changes LIKE '%\"group_id\":%' "
        "AND replace(changes, ' ', '') NOT LIKE '%\"group_id\":[null,%') "
        "AND ticket_id NOT IN (SELECT ticket_id FROM course_due)",
    ):
        bind.execute(sa.text(text))
