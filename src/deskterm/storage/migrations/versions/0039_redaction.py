"""Words of the ledger may be forgotten: by a redaction that is kept beside it, and by nothing else."""

import sqlalchemy as sa
from alembic import op

from deskterm.storage.redactions import guards

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "redaction",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger.id"]),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"]),
        sa.PrimaryKeyConstraint("entry_id", "operation_id"),
    )
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)
