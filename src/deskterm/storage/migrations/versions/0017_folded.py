"""Search asks for words folded: lines written otherwise are kept folded; urgent ones in order."""

import sqlalchemy as sa
from alembic import context, op

from deskterm.storage import search

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    dialect = op.get_bind().dialect.name
    op.add_column(
        "ticket", sa.Column("folded", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    from deskterm.storage.ticket.words import refresh

    if dialect == "sqlite":  # the index shall not follow row by row what it is made anew from
        for on in ("insert", "delete", "update"):
            connection.execute(f"DROP TRIGGER IF EXISTS ticket_search_{on}")
    refresh(context.config.attributes["database"])
    for statement in search.anew(dialect):
        connection.execute(statement)
    op.create_index(
        "ticket_urgent",
        "ticket",
        [sa.text("is_open DESC"), "line", "rank_at", sa.text("impact DESC"), "opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("urgent = TRUE"),
        postgresql_where=sa.text("urgent = TRUE"),
    )
