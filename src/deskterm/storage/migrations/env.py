"""Alembic's entry: the connection comes from `storage.migrate`, never from a file."""

from alembic import context

from deskterm.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
