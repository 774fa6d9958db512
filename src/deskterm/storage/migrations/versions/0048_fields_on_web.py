"""A field of the desk's own may stand on web pages, with words in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    for name, fresh in (("web", "no"), ("labels", "{}")):
        column = sa.Column(name, sa.String(), nullable=False, server_default=sa.text(f"'{fresh}'"))
        op.add_column("field_definition", column)
