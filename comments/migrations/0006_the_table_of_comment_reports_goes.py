from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

before = import_module("comments.migrations.0005_reports_are_one_model")


def move_the_rest(apps, schema_editor):
    """What code of before has written since 0005 is a row of the one table, too.

    A network that has reported the same comment again meanwhile has one report.
    """
    old = apps.get_model("comments", "CommentReport").objects.order_by("pk")
    model = apps.get_model("supporters", "Report")
    decided = apps.get_model("comments", "Moderation").objects
    for each in old.select_related("comment__campaign"):
        if each.notice_id:
            if model.objects.filter(pk=each.notice_id, subject="page").exists():
                before._give_its_notice(model, each)
        else:
            found = before._report(model, each, decided)
            model.objects.bulk_create([found], ignore_conflicts=True)
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    """Drops comments_commentreport, which no code has used since 0005."""

    dependencies = [("comments", "0005_reports_are_one_model")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    "CommentReport",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("reason", models.CharField(max_length=10)),
                        ("words", models.TextField(blank=True)),
                        ("reported_at", models.DateTimeField(db_default=Now())),
                        ("network_hash", models.CharField(max_length=32)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("was_right", models.BooleanField(null=True)),
                        (
                            "comment",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="comments.comment",
                            ),
                        ),
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
                    ],
                )
            ]
        ),
        migrations.RunPython(move_the_rest, migrations.RunPython.noop),
        migrations.DeleteModel("CommentReport"),
    ]
