"""A decision may be about a service: what became of a proposal to prune it."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("service_id", sa.Integer(), nullable=True))
        table.create_foreign_key("decision_service", "service", ["service_id"], ["id"])
