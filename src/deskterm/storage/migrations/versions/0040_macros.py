"""Macros, checklists and their items, tickets that are filled in or opened again and again."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "macro",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("name", "about", "steps", "hotkey")),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("name", "items")),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "checklist_item",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("text", "checklist")),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "number"),
    )
    numbers = (
        ("category_id", "category.id"),
        ("service_id", "service.id"),
        ("group_id", "desk_group.id"),
        ("checklist_id", "checklist.id"),
    )
    op.create_table(
        "ticket_template",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(one, sa.Text(), nullable=False)
            for one in ("name", "subject", "body", "problem", "fields")
        ),
        *(sa.Column(one, sa.Boolean(), nullable=False) for one in ("urgent", "active")),
        *(sa.Column(one, sa.Integer(), nullable=True) for one, _ in numbers),
        *(sa.ForeignKeyConstraint([one], [to]) for one, to in numbers),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    recurs = (
        ("template_id", "ticket_template.id"),
        ("person_id", "person.id"),
        ("calendar_id", "calendar.id"),
    )
    op.create_table(
        "recurring",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(one, sa.Text(), nullable=False)
            for one in ("name", "rule", "first_day", "since_day", "off")
        ),
        *(sa.Column(one, sa.Integer(), nullable=True) for one, _ in recurs),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text(), server_default=sa.text("''"), nullable=False),
        *(sa.ForeignKeyConstraint([one], [to]) for one, to in recurs),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_recurring_person_id", "recurring", ["person_id"], unique=False)
    op.create_table(
        "recurring_made",
        sa.Column("recurring_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recurring_id"], ["recurring.id"]),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("recurring_id", "day"),
    )
    op.create_index("ix_recurring_made_ticket_id", "recurring_made", ["ticket_id"], unique=False)
    op.create_table(
        "own_verb",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(one, sa.Text(), nullable=False)
            for one in ("name", "about", "run", "gives", "hotkey")
        ),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "hook_run",
        *(
            sa.Column(one, sa.Text(), nullable=False)
            for one in ("operation_id", "hook", "state", "error")
        ),
        *(sa.Column(one, Moment(), nullable=False) for one in ("created_at", "not_before")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_until", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"]),
        sa.PrimaryKeyConstraint("operation_id", "hook"),
    )
    op.create_index("hook_run_state", "hook_run", ["state", "not_before"], unique=False)
