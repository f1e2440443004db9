import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Upgrade:
    """A database that holds the version before one migration, until `migrate()`.

    Each migration on the way knows the models of those that it comes after. Django's
    own walk makes all models anew at each step, which takes seconds.
    """

    def __init__(self, app, name):
        executor = MigrationExecutor(connection)
        self._newest = executor.loader.graph.leaf_nodes()
        before = executor.loader.graph.node_map[app, name].parents
        keys = [node.key for node in before]
        for migration, _is_backwards in executor.migration_plan(keys):
            executor.unapply_migration(state_before(executor, migration), migration)
        self._state = executor.loader.project_state(keys)

    def model(self, app, name):
        """The class of a model as that version had it."""
        return self._state.apps.get_model(app, name)

    def migrate(self):
        """Do this migration, and all that came after."""
        with connection.cursor() as cursor:
            # What was written, and is written now, keeps no table from changes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        executor = MigrationExecutor(connection)
        for migration, _is_backwards in executor.migration_plan(self._newest):
            executor.apply_migration(state_before(executor, migration), migration)


def state_before(executor, migration):
    node = migration.app_label, migration.name
    return executor.loader.project_state(node, at_end=False)


@pytest.fixture
def upgrade_to(db):
    """`upgrade_to("staff", "0002_…")` takes the database back to what came before."""
    return Upgrade
