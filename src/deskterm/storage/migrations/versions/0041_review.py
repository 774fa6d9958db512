"""The review board: actions that measure themselves, decisions, feedback, members."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def _table(name, *columns):
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _texts(*names):
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _refers(name, table, to="id"):
    kind = sa.Integer() if to == "id" else sa.Text()
    return (
        sa.Column(name, kind, nullable=True),
        sa.ForeignKeyConstraint([name], [f"{table}.{to}"]),
    )


def upgrade() -> None:
    _table(
        "improvement",
        *_texts("name", "words", "figure", "query", "target", "first_day", "last_day", "reason"),
        *_texts("baseline", "result"),
        *_refers("owner", "technician", "login"),
    )
    _table(
        "decision",
        *_texts("name", "words", "asked_on", "answer", "taken_by", "taken_on"),
        *_refers("asked_by", "technician", "login"),
        *_refers("improvement_id", "improvement"),
    )
    _table(
        "feedback",
        *_texts("name", "words", "source", "said_on"),
        sa.Column("consent", sa.Boolean(), nullable=False),
        *_refers("person_id", "person"),
        *_refers("service_id", "service"),
    )
    _table(
        "member",
        *_texts("name", "role"),
        *_refers("login", "technician", "login"),
        *_refers("person_id", "person"),
    )
