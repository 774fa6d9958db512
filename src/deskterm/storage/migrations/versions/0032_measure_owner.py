"""A measure that ends a problem has an owner of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.add_column(
        "problem",
        sa.Column("measure_owner", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
