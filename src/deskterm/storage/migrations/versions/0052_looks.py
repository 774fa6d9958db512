"""A client may have a stylesheet of its own for its people's web pages."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    column = sa.Column("style", sa.String(), nullable=False, server_default=sa.text("''"))
    op.add_column("organisation", column)
