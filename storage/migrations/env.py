"""Alembic's entry: runs on the connection it is handed, all steps in one transaction."""

from alembic import context

from storage.migrations.procrastinate_tables import is_ours
from storage.migrations.rendering import render_type
from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    render_item=render_type,
    include_name=is_ours,
)
context.run_migrations()
