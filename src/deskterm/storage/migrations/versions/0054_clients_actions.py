"""An action of the register has a client of its own; one whose filter named a client gets it."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    with op.batch_alter_table("improvement") as table:
        table.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "improvement_organisation", "organisation", ["organisation_id"], ["id"]
        )
    bind = op.get_bind()
    clients = {
        form.casefold(): row[0]
        for row in bind.execute(sa.text("SELECT id, name FROM organisation"))
        for form in (f"org:{row[1]}", f'org:"{row[1]}"')
    }
    for number, query in bind.execute(sa.text("SELECT id, query FROM improvement")).all():
        if (client := _named(query.casefold(), clients)) is not None:
            said = "UPDATE improvement SET organisation_id = :client WHERE id = :id"
            bind.execute(sa.text(said), {"client": client, "id": number})


def _named(query: str, clients: dict[str, int]) -> int | None:
    """Give the client that a filter names before or behind other words, and no choice of them."""
    if "(" in query or " or " in query or "|" in query:
        return None
    padded = f" {query} "
    return next((number for form, number in clients.items() if f" {form} " in padded), None)
