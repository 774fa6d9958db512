"""Which operations are undone at present: an undo may itself be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "taken_back",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"]),
        sa.PrimaryKeyConstraint("operation_id"),
    )
    op.execute(
        "INSERT INTO taken_back (operation_id) "
        "SELECT undoes FROM operation WHERE undoes IS NOT NULL"
    )
