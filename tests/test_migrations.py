"""Migrations run while the old code still serves people: what it uses has to stay.

And they run where there are rows already: tests/upgrades/ has a test for each.
"""

import ast
from pathlib import Path

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from tests.test_architecture import FLOORS

TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def what_breaks_the_old_code(migration):
    """The operations after which the code before cannot read, or cannot insert."""
    new, left = set(), tables_without_code(migration)
    for operation in operations_on_the_database(migration.operations):
        if isinstance(operation, migrations.DeleteModel) and operation.name in left:
            continue
        if isinstance(operation, TAKES_AWAY) or (
            isinstance(operation, migrations.RunSQL)
            and " RENAME " in str(operation.sql).upper()
        ):
            yield operation.describe()
        elif isinstance(operation, migrations.CreateModel):
            new.add(operation.name_lower)
        elif (
            isinstance(operation, migrations.AddField)
            and operation.model_name_lower not in new
        ):
            field = operation.field
            is_filled_in = field.null or field.generated or field.many_to_many
            if not is_filled_in and field.db_default is NOT_PROVIDED:
                yield operation.describe()


def operations_on_the_database(operations):
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operations_on_the_database(operation.database_operations)
        else:
            yield operation


def tables_without_code(migration):
    """Models that it names only to delete them: an earlier one took them from us."""
    return {
        named.name
        for operation in migration.operations
        if isinstance(operation, migrations.SeparateDatabaseAndState)
        for named in operation.state_operations
        if isinstance(named, migrations.CreateModel)
    }


def test_no_migration_breaks_the_code_that_is_still_running():
    ours = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    broken = {
        key: list(what_breaks_the_old_code(migration))
        for key, migration in ours.items()
        if key[0] in FLOORS
    }

    assert {key: found for key, found in broken.items() if found} == {}


def test_each_migration_has_an_upgrade_test():
    """It starts from the version before, with rows in it. A new site has none."""
    ours = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    upgrades = {
        key for key, each in ours.items() if key[0] in FLOORS and not each.initial
    }

    tested = set()
    for file in Path(__file__).with_name("upgrades").glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "upgrade_to":
                tested.add(tuple(ast.literal_eval(each) for each in node.args))

    assert upgrades
    assert tested == upgrades


def test_what_breaks_it_is_found():
    class Breaks(migrations.Migration):
        operations = [
            migrations.AddField("signature", "x", models.IntegerField(default=1)),
            migrations.AddField("signature", "y", models.IntegerField(db_default=1)),
            migrations.SeparateDatabaseAndState([migrations.DeleteModel("Old")]),
            migrations.RunSQL("ALTER TABLE old RENAME TO new"),
        ]

    assert list(what_breaks_the_old_code(Breaks)) == [
        "Add field x to signature",
        "Delete model Old",
        "Raw SQL operation",
    ]
