"""A letter may be about no single ticket, and may say more than ledger entries do."""

import sqlalchemy as sa
from alembic import op

from deskterm.models.types import Moment

revision = "0003"
down_revision = "0002"

KEPT = (
    "id, operation_id, ticket_id, recipient, recipient_name, person_id, template, message_id, "
    "entries, state, created_at, not_before, attempts, holder, held_until, sha256, error, sent_at"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outbox", "ticket_id", nullable=True)
        op.add_column("outbox", sa.Column("data", sa.Text(), nullable=False, server_default="{}"))
    else:
        _made_anew()
    op.create_index("outbox_sent", "outbox", ["sent_at"], unique=False)


def _made_anew() -> None:
    """SQLite cannot let a column be empty later: the table is copied. Nothing refers to it."""
    op.create_table('outbox_new',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('operation_id', sa.Text(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('recipient_name', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('entries', sa.Text(), nullable=False),
    sa.Column('data', sa.Text(), nullable=False, server_default='{}'),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('not_before', Moment(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=True),
    sa.Column('held_until', Moment(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('sent_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], ),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('message_id')
    )
    op.execute(f"INSERT INTO outbox_new ({KEPT}) SELECT {KEPT} FROM outbox")
    op.drop_table('outbox')
    op.rename_table('outbox_new', 'outbox')
    op.create_index(op.f('ix_outbox_operation_id'), 'outbox', ['operation_id'], unique=False)
    op.create_index(op.f('ix_outbox_ticket_id'), 'outbox', ['ticket_id'], unique=False)
    op.create_index('outbox_state', 'outbox', ['state', 'not_before'], unique=False)
