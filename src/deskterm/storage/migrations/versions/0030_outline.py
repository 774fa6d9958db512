"""What a guide says of itself is kept beside its text; the desk reads the texts there are once."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("guide", sa.Column("outline", sa.Text(), nullable=True))
