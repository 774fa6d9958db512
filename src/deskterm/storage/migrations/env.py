"""Alembic's entry: the connection comes from `storage.migrate`, never from a file."""

from collections.abc import Collection, Mapping

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script.base import Script

from deskterm.models import metadata


def _tell(
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[object],
    run_args: Mapping[str, object],
) -> None:
    """Say which step was made."""
    del ctx, heads, run_args
    made = step.up_revision
    words = made.doc.rstrip(".") if isinstance(made, Script) else ""
    context.config.attributes["told"](f"schema {step.up_revision_id}: {words}")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    render_as_batch=True,
    on_version_apply=_tell,
)
context.run_migrations()
