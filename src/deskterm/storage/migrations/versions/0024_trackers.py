"""Problems in outside trackers, and the queue of what is to be asked of them."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0024"
down_revision = "0023"


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "tracked",
        sa.Column("problem_id", sa.Integer(), nullable=False),
        *_texts("tracker", "ref", "url", "state", "fixed_in", "told", "told_state"),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("problem_id", "tracker"),
    )
    op.create_table(
        "tracked_comment",
        sa.Column("problem_id", sa.Integer(), nullable=False),
        *_texts("tracker", "foreign_id"),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger.id"]),
        sa.PrimaryKeyConstraint("problem_id", "tracker", "foreign_id"),
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        *_texts("tracker", "kind", "words"),
        sa.Column("anyway", sa.Boolean(), nullable=False),
        *_texts("request", "state"),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_until", Moment(), nullable=True),
        *_texts("error"),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"]),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_errand_operation_id", "errand", ["operation_id"])
    op.create_index("errand_state", "errand", ["state", "not_before"])
    op.create_index("errand_problem", "errand", ["problem_id", "tracker"])
