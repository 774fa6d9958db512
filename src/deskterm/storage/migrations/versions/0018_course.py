"""What figures count of each closed ticket is kept; the jobs fill it for those that are there."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("mistakes", sa.Text(), nullable=False),
        sa.Column("whys", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("ix_course_closed_at", "course", ["closed_at"], unique=False)
    op.create_table(
        "course_due",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.execute(
        "INSERT INTO course_due (ticket_id) "
        "SELECT id FROM ticket WHERE first_closed_at IS NOT NULL AND foreign_id IS NULL"
    )
