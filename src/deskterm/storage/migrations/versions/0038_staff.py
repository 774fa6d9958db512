"""Those who work here: what they know and do, call reviews, hand-overs, who has a ticket open."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.add_column(
        "technician", sa.Column("roles", sa.Text(), server_default=sa.text("'[]'"), nullable=False)
    )
    op.create_table(
        "competence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"]),
        sa.ForeignKeyConstraint(["login"], ["technician.login"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login", "category_id"),
    )
    _reviews()
    _shifts()


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("filled_at", Moment(), nullable=True),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["login"], ["technician.login"]),
        sa.ForeignKeyConstraint(["reviewer"], ["technician.login"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id"),
    )
    op.create_index("ix_review_filled_at", "review", ["filled_at"], unique=False)


def _shifts() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handover_at", "handover", ["at"], unique=False)
    op.create_table(
        "handover_read",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"]),
        sa.PrimaryKeyConstraint("handover_id", "login"),
    )
    op.create_table(
        "presence",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
