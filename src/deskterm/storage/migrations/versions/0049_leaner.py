"""What indexes say twice goes: operations are found by their order, fields lie in their index."""

import sqlalchemy as sa
from alembic import op

from deskterm.domain.errors import DatabaseError

revision = "0049"
down_revision = "0048"

_UNIQUE = ", \n\tUNIQUE (undoes)"
"""As it stands in the text of the table."""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_index("operation_undone", "operation")
    if sqlite:
        _drop_unique()
    else:
        op.drop_constraint("operation_undoes_key", "operation", type_="unique")
    op.create_index(
        "operation_undone",
        "operation",
        ["undoes"],
        unique=True,
        sqlite_where=sa.text("undoes IS NOT NULL"),
        postgresql_where=sa.text("undoes IS NOT NULL"),
    )
    if sqlite:
        _shorter()
        _fields()


def _drop_unique() -> None:
    """Take the constraint from the table, whose rows stay where they are.

    SQLite knows no other way but to write table and ledger anew; its index becomes one like
    others, which can be dropped.
    """
    run = op.get_bind().connection.driver_connection.execute
    (index,) = (row[1] for row in run("PRAGMA index_list(operation)") if row[3] == "u")
    run("PRAGMA writable_schema = ON")
    changed = run(
        "UPDATE sqlite_master SET sql = replace(sql, :unique, '') "
        "WHERE type = 'table' AND name = 'operation' AND instr(sql, :unique)",
        {"unique": _UNIQUE},
    ).rowcount
    if changed != 1:
        raise DatabaseError("table operation was made by another program: nothing was changed.")
    run(
        "UPDATE sqlite_master SET name = 'operation_undoes', "
        "sql = 'CREATE UNIQUE INDEX operation_undoes ON operation (undoes)' WHERE name = :index",
        {"index": index},
    )
    run("PRAGMA writable_schema = RESET")
    run("DROP INDEX operation_undoes")


def _shorter() -> None:
    """An index of SQLite ends with the row's own number: in it is the order of what was done."""
    op.drop_index("operation_actor", "operation")
    op.create_index("operation_actor", "operation", ["actor"], unique=False)
    op.drop_index("ledger_subject", "ledger")
    op.create_index("ledger_subject", "ledger", ["kind", "subject_id"], unique=False)


def _fields() -> None:
    op.create_table(
        "field_value_kept",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "name"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO field_value_kept (ticket_id, name, value) "
        "SELECT ticket_id, name, value FROM field_value ORDER BY ticket_id, name"
    )
    op.drop_table("field_value")
    op.rename_table("field_value_kept", "field_value")
    op.create_index("field_value_name", "field_value", ["name", "value"], unique=False)
