"""What belongs to a client: tickets, solutions, problems; how the desk presents itself there."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_OF_TICKET = (
    "(SELECT p.organisation_id FROM ticket t JOIN person p ON p.id = t.requester_id WHERE t.id = "
)


def upgrade() -> None:
    op.add_column(
        "organisation",
        sa.Column("client", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    for name in ("address", "desk_name", "mission", "greeting"):
        op.add_column(
            "organisation",
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False),
        )
    for table in ("ticket", "solution", "problem", "announcement", "guide"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN organisation_id INTEGER REFERENCES organisation (id)"
        )
    op.execute(f"UPDATE solution SET organisation_id = {_OF_TICKET} solution.source_ticket_id)")
    op.execute(
        "UPDATE problem SET organisation_id = (SELECT CASE WHEN count(*) = count(p.organisation_id) "
        "AND count(DISTINCT p.organisation_id) = 1 THEN min(p.organisation_id) END "
        "FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "
        "LEFT JOIN person p ON p.id = t.requester_id WHERE x.problem_id = problem.id)"
    )
