from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

before = import_module("petitions.migrations.0007_reports_are_one_model")


def move_the_rest(apps, schema_editor):
    """What code of before has written since 0007 is a row of the one table, too.

    A network that has reported the same name again in the meantime has one report.
    """
    old = apps.get_model("petitions", "NameReport").objects.order_by("pk")
    model = apps.get_model("supporters", "Report")
    for each in old.select_related("signature__petition__campaign"):
        if each.notice_id:
            if model.objects.filter(pk=each.notice_id, subject="page").exists():
                before._give_its_notice(model, each)
        else:
            found = before._report(model, each)
            model.objects.bulk_create([found], ignore_conflicts=True)
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    """Drops petitions_namereport, which no code has used since 0007."""

    dependencies = [("petitions", "0007_reports_are_one_model")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    "NameReport",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("reason", models.CharField(max_length=20)),
                        ("reported_at", models.DateTimeField(db_default=Now())),
                        ("network_hash", models.CharField(max_length=32)),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "notice",
                            models.OneToOneField(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="supporters.report",
                            ),
                        ),
                        (
                            "signature",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="petitions.signature",
                            ),
                        ),
                    ],
                )
            ]
        ),
        migrations.RunPython(move_the_rest, migrations.RunPython.noop),
        migrations.DeleteModel("NameReport"),
    ]
