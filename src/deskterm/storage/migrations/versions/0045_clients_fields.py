"""A field may be one client's: only its tickets have it."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    with op.batch_alter_table("field_definition") as table:
        table.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "field_definition_organisation", "organisation", ["organisation_id"], ["id"]
        )
