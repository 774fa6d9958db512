"""An offer may be for several organisations, sites and segments."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

_COLUMNS = ("organisation_id", "site_id", "segment")


def upgrade() -> None:
    for kind in ("organisation", "site"):
        op.create_table(
            f"offer_{kind}",
            sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column(f"{kind}_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.ForeignKeyConstraint(["offer_id"], ["offer.id"]),
            sa.ForeignKeyConstraint([f"{kind}_id"], [f"{kind}.id"]),
            sa.PrimaryKeyConstraint("offer_id", f"{kind}_id"),
        )
        op.execute(
            f"INSERT INTO offer_{kind} (offer_id, {kind}_id) "
            f"SELECT id, {kind}_id FROM offer WHERE {kind}_id IS NOT NULL"
        )
    op.create_table(
        "offer_segment",
        sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"]),
        sa.PrimaryKeyConstraint("offer_id", "segment"),
    )
    op.execute(
        "INSERT INTO offer_segment (offer_id, segment) "
        "SELECT id, segment FROM offer WHERE segment <> ''"
    )
    op.add_column(
        "offer", sa.Column("clients", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.execute("UPDATE offer SET clients = 1 WHERE organisation_id IS NOT NULL")
    _drop()


def _drop() -> None:
    """Drop the columns, on a server with the policies and triggers that read them.

    Rights are laid anew after every upgrade.
    """
    if op.get_bind().dialect.name != "sqlite":
        for name in _COLUMNS:
            op.execute(f"ALTER TABLE offer DROP COLUMN {name} CASCADE")
        return
    with op.batch_alter_table("offer") as batch:
        for name in _COLUMNS:
            batch.drop_column(name)
