"""Releases: what they fix, who was told and what they answered; problems say by what they end."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0019"
down_revision = "0018"

_PROBLEM = (
    *("product", "found", "fixed", "effort", "measure", "measure_on", "measure_cost", "reason"),
)


def upgrade() -> None:
    for name in _PROBLEM:
        op.add_column(
            "problem", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
        )
    op.add_column(
        "person", sa.Column("news", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("name", "product", "product_version", "words", "how")
        ),
        sa.Column("owner", sa.Text(), nullable=True),
        *(
            sa.Column(name, Moment(), nullable=True)
            for name in ("planned_at", "shipped_at", "withdrawn_at")
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "release_problem",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("release_id", "problem_id"),
    )
    op.create_index("ix_release_problem_problem_id", "release_problem", ["problem_id"])
    op.create_table(
        "release_told",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("release_id", "person_id"),
    )
    op.create_index("ix_release_told_person_id", "release_told", ["person_id"])
