"""A notice may be about no ticket: its ledger entry, or a sentence of its own, says of what."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

_PARTIAL = {
    "notice_unseen": sa.text("seen_at IS NULL"),
    "notice_unmailed": sa.text("letter_id IS NULL AND seen_at IS NULL"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("notice", "ticket_id", nullable=True)
        op.add_column("notice", _said())
        return
    for name in _PARTIAL:  # whoever copies a table does not see that an index is of a part of it
        op.drop_index(name, table_name="notice")
    with op.batch_alter_table("notice") as table:
        table.alter_column("ticket_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(_said())
    for name, only in _PARTIAL.items():
        op.create_index(name, "notice", ["login", "id"], sqlite_where=only)


def _said() -> sa.Column[str]:
    return sa.Column("said", sa.Text(), server_default=sa.text("''"), nullable=False)
