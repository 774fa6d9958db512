"""Triage learns anew from what is there: one weight for each label in the lanes of one number."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for table in ("learned_head", "learned_ticket"):
        op.execute(sa.delete(sa.table(table)))
    op.drop_table("learned_word")
    op.create_table(
        "learned_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word"),
    )
    op.create_table(
        "learned_lesson",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("pulls", sa.LargeBinary(), nullable=False),
        sa.Column("often", sa.Boolean(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("learned_lesson_looked", "learned_lesson", ["looked", "ticket_id"])
