import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstSteps",
            fields=[
                (
                    "only",
                    models.BooleanField(
                        default=True, primary_key=True, serialize=False
                    ),
                ),
                ("names_checked_at", models.DateTimeField(null=True)),
                ("mail_handed_over_at", models.DateTimeField(null=True)),
                ("dismissed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "first steps",
                "verbose_name_plural": "first steps",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("only", True)),
                        name="one_row_of_first_steps",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Unfinished",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("fields", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=dict)),
                ("csv", models.TextField(blank=True)),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unfinished",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "unfinished part of a draft",
                "verbose_name_plural": "unfinished parts of drafts",
            },
        ),
    ]
