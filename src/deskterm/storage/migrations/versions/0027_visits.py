"""Visits: a technician comes to a place; how long the way to a site takes."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column(
        "site", sa.Column("travel", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("technician", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=True),
        sa.Column("until_at", Moment(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("travel", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("place", "what", "state", "slots", "answer")
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["technician"], ["technician.login"]),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("visit_technician_at", "visit", ["technician", "at"], unique=False)
    op.create_index("ix_visit_ticket_id", "visit", ["ticket_id"], unique=False)
    op.create_index("ix_visit_at", "visit", ["at"], unique=False)
