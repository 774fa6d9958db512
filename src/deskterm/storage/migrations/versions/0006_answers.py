"""Who approves and how it stands, the requester's vote, and the language of letters."""

from alembic import op

revision = "0006"
down_revision = "0005"

_COLUMNS = (
    ("ticket", "approver_id", "INTEGER REFERENCES person (id)"),
    ("ticket", "approval", "TEXT"),
    ("ticket", "approval_at", "MOMENT"),
    ("ticket", "rating", "INTEGER"),
    ("ticket", "rating_comment", "TEXT DEFAULT '' NOT NULL"),
    ("person", "language", "TEXT DEFAULT '' NOT NULL"),
    ("organisation", "language", "TEXT DEFAULT '' NOT NULL"),
)


def upgrade() -> None:
    moment = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "TEXT"
    for table, column, kind in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind.replace('MOMENT', moment)}")
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"], unique=False)
