"""Whether the database has every migration of this code."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def needs_migration() -> bool:
    """Whether ``libschool migrate`` has something to do. Reads all migrations, which is slow."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
