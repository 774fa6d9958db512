"""An offer may be for several organisations, sites and segments."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

_COLUMNS = ("organisation_id", "site_id", "segment")


def upgrade() -> None:
    bind = op.get_bind()
    named = bind.execute(
        sa.text("SELECT id, organisation_id, site_id, segment FROM offer ORDER BY id")
    ).all()
    op.add_column(
        "offer", sa.Column("clients", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.execute("UPDATE offer SET clients = 1 WHERE organisation_id IS NOT NULL")
    _drop()
    for kind, at in (("organisation", 1), ("site", 2)):
        op.create_table(
            f"offer_{kind}",
            sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column(f"{kind}_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.ForeignKeyConstraint(["offer_id"], ["offer.id"]),
            sa.ForeignKeyConstraint([f"{kind}_id"], [f"{kind}.id"]),
            sa.PrimaryKeyConstraint("offer_id", f"{kind}_id"),
        )
        _put(f"offer_{kind}", f"{kind}_id", [(one[0], one[at]) for one in named if one[at]])
    op.create_table(
        "offer_segment",
        sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"]),
        sa.PrimaryKeyConstraint("offer_id", "segment"),
    )
    _put("offer_segment", "segment", [(one[0], one[3]) for one in named if one[3]])


def _put(table: str, column: str, rows: list[tuple[int, int | str]]) -> None:
    if rows:
        op.get_bind().execute(
            sa.text(f"INSERT INTO {table} (offer_id, {column}) VALUES (:offer, :other)"),
            [{"offer": offer, "other": other} for offer, other in rows],
        )


def _drop() -> None:
    """Drop the columns, on a server with the policies and triggers that read them.

    Rights are laid anew after every upgrade. In a file the table is made anew: nothing may refer
    to it meanwhile.
    """
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        for name in _COLUMNS:
            op.execute(f"ALTER TABLE offer DROP COLUMN {name} CASCADE")
        return
    versions = bind.execute(
        sa.text("SELECT offer_id, first_day, promised FROM offer_version")
    ).all()
    op.execute("DELETE FROM offer_version")
    with op.batch_alter_table("offer") as batch:
        for name in _COLUMNS:
            batch.drop_column(name)
    if versions:
        bind.execute(
            sa.text("INSERT INTO offer_version VALUES (:offer_id, :first_day, :promised)"),
            [dict(one._mapping) for one in versions],
        )
