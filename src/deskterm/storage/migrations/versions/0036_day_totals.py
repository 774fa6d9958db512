"""What a day comes to is kept once it is over; triggers mark the days of which something changed.

What was open at an instant is answered by one index.
"""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0036"
down_revision = "0035"

_NUMBERS = (
    *("counted", "closed_at", "first_contact", "first_contact_eligible", "first_level"),
    *("escalated", "reopened", "known", "linked", "reused", "solution_age", "answered"),
    "satisfied",
)
"""What the day of a closing counts."""
_ANEW = ("counted", "opened_at")
"""What the day of an opening counts."""
_ENDED = "SELECT ended_at AS at FROM result WHERE ticket_id = {0}.ticket_id"
_KIND = f"{_ENDED} AND kind = {{0}}.kind"
"""With one result the one before it is the last no more, or again."""


def upgrade() -> None:
    op.create_table(
        "day_total",
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("lengths", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("anchor", "starts_at", "until"),
    )
    op.create_table(
        "day_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_day_mark_at", "day_mark", ["at"], unique=False)
    op.drop_index("measure_ended", "measure")
    op.create_index("measure_ended", "measure", ["ended_at", "opened_at", "counted"], unique=False)
    bind = op.get_bind()
    for statement in _triggers(bind.dialect.name):
        bind.connection.driver_connection.execute(statement)


def _triggers(dialect: str) -> list[str]:
    made = []
    for table, verb, when, marked in _MARKS:
        told = " UNION ".join(marked)
        put = f"INSERT INTO day_mark (at) SELECT at FROM ({told}) x WHERE at IS NOT NULL;"  # noqa: S608 - constants
        name = f"{table}_marks_{verb.lower()}"
        if dialect == "sqlite":
            only = f" WHEN {when}" if when else ""
            made.append(f"CREATE TRIGGER {name} AFTER {verb} ON {table}{only} BEGIN {put} END")
            continue
        put = put.replace(" IS NOT new.", " IS DISTINCT FROM new.")
        only = f" WHEN ({when.replace(' IS NOT ', ' IS DISTINCT FROM ')})" if when else ""
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {put} RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW{only} "
            f"EXECUTE FUNCTION {name}()",
        ]
    return made


def _changed(names: tuple[str, ...]) -> str:
    return " OR ".join(f"old.{name} IS NOT new.{name}" for name in names)


def _of(row: str, names: tuple[str, ...], only: str = "") -> list[str]:
    where = f" WHERE {only}" if only else ""
    return [f"SELECT {row}.{name} AS at{where}" for name in names]


_BOTH = ("opened_at", "closed_at")
_MARKS = (
    ("measure", "INSERT", "", [*_of("new", _BOTH), _ENDED.format("new")]),
    ("measure", "DELETE", "", [*_of("old", _BOTH), _ENDED.format("old")]),
    (
        "measure",
        "UPDATE",
        _changed((*_NUMBERS, "opened_at")),
        [
            *(one for row in ("old", "new") for one in _of(row, ("opened_at",), _changed(_ANEW))),
            *(one for row in ("old", "new") for one in _of(row, ("closed_at",))),
            f"{_ENDED.format('new')} AND old.counted IS NOT new.counted",
        ],
    ),
    ("result", "INSERT", "", [_KIND.format("new")]),
    ("result", "DELETE", "", [*_of("old", ("ended_at",)), _KIND.format("old")]),
    ("result", "UPDATE", "", [*_of("old", ("ended_at",)), _KIND.format("new")]),
)
"""Table, verb, when, and the times that are marked."""
