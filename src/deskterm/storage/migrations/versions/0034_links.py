"""How often a person's links to the web face were revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column(
        "person", sa.Column("link_round", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
