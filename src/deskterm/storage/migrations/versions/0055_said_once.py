"""Courses say no more when a ticket was closed nor what is usually wrong: others say it."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

_USUAL = (
    '"2": "it was escalated and handed back"',
    '"3": "it was solved, and nobody had said what the problem is"',
    '"4": "nobody had seen the trouble before it was solved"',
)
"""Of the JSON that was kept what need not be."""


def _left() -> str:
    """Give what stays of the reasons, as SQL: both databases replace text alike."""
    found = "whys"
    for one in _USUAL:
        for said in (f"{one}, ", f", {one}", one):
            found = f"replace({found}, '{said}', '')"
    return f"replace({found}, '{{}}', '')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _written_anew()
        op.drop_index("ticket_state", "ticket")
        op.create_index("ticket_state", "ticket", ["state"], unique=False)
        return
    op.drop_index("ix_course_closed_at", "course")
    op.drop_column("course", "closed_at")
    op.get_bind().exec_driver_sql(f"UPDATE course SET whys = {_left()} WHERE whys <> ''")


def _written_anew() -> None:
    """The table is copied in its order: what it held is free for all others."""
    op.create_table(
        "course_kept",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("mistakes", sa.Text(), nullable=False),
        sa.Column("whys", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.get_bind().exec_driver_sql(
        "INSERT INTO course_kept (ticket_id, category_id, steps, seconds, reasons, mistakes, whys) "
        f"SELECT ticket_id, category_id, steps, seconds, reasons, mistakes, {_left()} "
        "FROM course ORDER BY ticket_id"
    )
    op.drop_table("course")
    op.rename_table("course_kept", "course")
