"""Calendars and offers: what is promised by site, service and contract, in versions."""

import sqlalchemy as sa
from alembic import context, op

from deskterm.domain.clock import now
from deskterm.models.types import Moment

revision = "0029"
down_revision = "0028"

_CALENDAR = ("name", "zone", "hours", "days", "country", "subdivision", "feed")
_TARGETS = (
    *("pickup", "pickup_urgent", "response", "response_urgent"),
    *("solution", "solution_urgent", "budget", "approval"),
)


def _texts(*names):
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _refers(name, table):
    return (
        sa.Column(name, sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint([name], [f"{table}.id"]),
    )


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts(*_CALENDAR),
        sa.Column("desk", sa.Boolean(), nullable=False),
        sa.Column("known", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("fed", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("fed_at", Moment(), nullable=True),
        sa.Column("trouble", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("name", "segment", "description", "channels", "cost", "last_day", "first_day"),
        *_texts(*_TARGETS),
        *_refers("service_id", "service"),
        *_refers("organisation_id", "organisation"),
        *_refers("site_id", "site"),
        *_refers("group_id", "desk_group"),
        *_refers("calendar_id", "calendar"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "offer_version",
        sa.Column("offer_id", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("first_day", "promised"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"]),
        sa.PrimaryKeyConstraint("offer_id", "first_day"),
    )
    op.execute("ALTER TABLE site ADD COLUMN calendar_id INTEGER REFERENCES calendar (id)")
    _deadlines_follow()


def _deadlines_follow() -> None:
    """Deadlines and lines of open tickets; this stands with the newest of what they follow from."""
    from deskterm.storage.ticket.clocks import refresh
    from deskterm.storage.ticket.impact import refresh as refresh_impact

    database = context.config.attributes["database"]
    refresh(database, now())
    refresh_impact(database)
