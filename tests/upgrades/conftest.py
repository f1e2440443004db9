import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Upgrade:
    """A database that holds the version before one migration, until `migrate()`."""

    def __init__(self, app, name):
        executor = MigrationExecutor(connection)
        self._to = (app, name)
        self._newest = executor.loader.graph.leaf_nodes()
        before = executor.loader.graph.node_map[self._to].parents
        executor.migrate([node.key for node in before])
        self._loader = executor.loader

    def model(self, app, name):
        """The class of a model as that version had it."""
        before = self._loader.graph.node_map[self._to].parents
        state = self._loader.project_state([node.key for node in before])
        return state.apps.get_model(app, name)

    def migrate(self):
        """Do this migration, and all that came after."""
        with connection.cursor() as cursor:
            # What was written, and is written now, keeps no table from changes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        MigrationExecutor(connection).migrate(self._newest)


@pytest.fixture
def upgrade_to(db):
    """`upgrade_to("staff", "0002_…")` takes the database back to what came before."""
    return Upgrade
