"""Filing: addresses that letters come back from, requesters to be confirmed, mails by Message-ID."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for column in (
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_failure", Moment(), nullable=True),
        sa.Column("broken_since", Moment(), nullable=True),
        sa.Column("broken_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("person_address", column)
    op.add_column(
        "ticket",
        sa.Column(
            "requester_unsure", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    op.create_index("inbox_key", "inbox", ["key"], unique=False)
