from functools import lru_cache

import pytest
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

# A step holds all models of the site, some megabytes. The tests of a file take the
# same migrations back, the newest first.
KEPT = 24


class Upgrade:
    """A database that holds the version before one migration, until `migrate()`.

    Each migration on the way knows the models of those that it comes after. To make
    them is nearly all of the work, and Django's own walk does it anew at each step.
    """

    def __init__(self, app, name):
        self._executor = MigrationExecutor(connection)
        loader = self._executor.loader
        keys = [node.key for node in loader.graph.node_map[app, name].parents]
        plan = self._executor.migration_plan(keys)
        self._undone = [migration for migration, _is_backwards in plan]
        for migration in self._undone:
            label, name = migration.app_label, migration.name
            with connection.schema_editor(atomic=migration.atomic) as editor:
                for operation, before, after in reversed(steps(label, name)):
                    operation.database_backwards(label, editor, after, before)
            self._executor.recorder.record_unapplied(label, name)
        self._state = loader.project_state(keys)

    def model(self, app, name):
        """The class of a model as that version had it."""
        return self._state.apps.get_model(app, name)

    def migrate(self):
        """Do this migration, and all that came after."""
        with connection.cursor() as cursor:
            # What was written, and is written now, keeps no table from changes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for migration in reversed(self._undone):
            label, name = migration.app_label, migration.name
            with connection.schema_editor(atomic=migration.atomic) as editor:
                for operation, before, after in steps(label, name):
                    operation.database_forwards(label, editor, before, after)
            self._executor.recorder.record_applied(label, name)


@lru_cache(maxsize=KEPT)
def steps(label, name):
    """The operations of a migration, with the models before and after each."""
    loader = MigrationLoader(None)
    state, made = loader.project_state((label, name), at_end=False), []
    for operation in loader.graph.nodes[label, name].operations:
        before = state
        if not isinstance(operation, RunPython):  # it changes rows alone
            state = before.clone()
            operation.state_forwards(label, state)
        made.append((operation, before, state))
    return made


@pytest.fixture
def upgrade_to(db):
    """`upgrade_to("staff", "0002_…")` takes the database back to what came before."""
    return Upgrade
