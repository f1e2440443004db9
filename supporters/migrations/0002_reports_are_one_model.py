from django.db import migrations, models
from django.db.models.functions import Replace


def lead_alerts_to_reports(apps, schema_editor):
    """An alert about a notice that waits leads to the list of reports."""
    alerts = apps.get_model("staff", "Alert").objects.filter(kind="notice")
    old, new = models.Value("supporters/notice/"), models.Value("supporters/report/")
    alerts.update(page=Replace("page", old, new))


class Migration(migrations.Migration):
    """The table keeps its name, for the code before."""

    dependencies = [
        ("supporters", "0001_initial"),
        # Their models had keys to the model, by its name of before.
        ("comments", "0003_reports_weigh_the_same"),
        ("petitions", "0001_initial"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Notice", "Report"),
                migrations.AlterModelTable("report", "supporters_notice"),
            ]
        ),
        migrations.AddField(
            "report",
            "subject",
            models.CharField(
                choices=[("page", "page"), ("comment", "comment"), ("name", "name")],
                db_default="page",
                default="page",
                max_length=10,
                verbose_name="about",
            ),
        ),
        migrations.AddField(
            "report", "subject_id", models.BigIntegerField(editable=False, null=True)
        ),
        migrations.AlterModelOptions(
            name="report",
            options={
                "ordering": ["-pk"],
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
        migrations.AddField(
            model_name="report",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("threat", "It threatens or insults somebody"),
                    ("hate", "It attacks people because of who they are"),
                    ("private", "It shows private details"),
                    ("spam", "It is spam or advertises something"),
                    ("false", "It accuses somebody without evidence"),
                    ("somebody else", "It is somebody else’s name"),
                    (
                        "no name",
                        "It is not a name, but a claim, an insult or advertising",
                    ),
                    ("address", "It says where somebody lives or how to reach them"),
                    ("other", "Something else"),
                ],
                db_default="",
                max_length=20,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="content",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="report",
            name="language",
            field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AlterField(
            model_name="report",
            name="law",
            field=models.CharField(
                blank=True,
                choices=[
                    ("threat", "It threatens somebody or calls for violence"),
                    (
                        "hate",
                        "It stirs up hatred against people because of who they are",
                    ),
                    ("defamation", "It spreads lies about somebody, or insults them"),
                    (
                        "private",
                        "It shows private details or pictures without permission",
                    ),
                    ("child", "It shows sexual abuse of a child"),
                    ("fraud", "It deceives people to get their money or their data"),
                    (
                        "work",
                        "It uses a text, picture or name that belongs to somebody else",
                    ),
                    ("other", "It breaks another law"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="words",
            field=models.TextField(
                blank=True, max_length=5000, verbose_name="own words"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                models.F("subject"),
                models.F("subject_id"),
                condition=models.Q(("subject_id__isnull", False)),
                name="reports_of_a_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                models.F("subject"),
                models.F("subject_id"),
                models.F("network_hash"),
                condition=models.Q(
                    ("decided_at", None),
                    ("law", ""),
                    models.Q(("network_hash", ""), _negated=True),
                ),
                name="one_open_report_of_a_network",
            ),
        ),
        migrations.RunPython(lead_alerts_to_reports, migrations.RunPython.noop),
    ]
