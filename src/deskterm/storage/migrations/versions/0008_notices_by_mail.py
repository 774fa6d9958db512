"""Notices that no letter has told of are found at once, however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    only = sa.text("letter_id IS NULL AND seen_at IS NULL")
    op.create_index(
        "notice_unmailed", "notice", ["login", "id"], sqlite_where=only, postgresql_where=only
    )
    op.create_index("ix_notice_letter_id", "notice", ["letter_id"])
