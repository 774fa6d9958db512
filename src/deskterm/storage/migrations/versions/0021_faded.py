"""What the votes on a solution count is kept, as it was at the last of them."""

import sqlalchemy as sa
from alembic import context, op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column(
        "solution", sa.Column("faded", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    from deskterm.storage.solution_uses import refresh

    refresh(context.config.attributes["database"])
