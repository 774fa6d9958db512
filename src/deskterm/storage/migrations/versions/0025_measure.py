"""What figures count of each ticket is kept; the jobs fill it for those that are there."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0025"
down_revision = "0024"

_NUMBERS = (
    *("category_id", "service_id", "group_id", "requester_id"),
    *("first_contact", "first_contact_eligible", "first_level", "escalated", "reopened"),
    *("known", "linked", "reused", "solution_age", "answered", "satisfied"),
)


def upgrade() -> None:
    op.create_table(
        "measure",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _NUMBERS),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("ix_measure_opened_at", "measure", ["opened_at"], unique=False)
    for name in ("closed", "ended"):
        there = sa.text(f"{name}_at IS NOT NULL")
        op.create_index(
            f"measure_{name}",
            "measure",
            [f"{name}_at"],
            unique=False,
            sqlite_where=there,
            postgresql_where=there,
        )
    op.execute(
        "INSERT INTO course_due (ticket_id) SELECT id FROM ticket "
        "WHERE id NOT IN (SELECT ticket_id FROM course_due)"
    )
