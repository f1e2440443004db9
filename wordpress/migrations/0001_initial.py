import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import wordpress.models


def take_over_types(apps, schema_editor):
    """What was noted about rows of before is noted about the same rows."""
    apps.get_model("contenttypes", "ContentType").objects.filter(
        app_label="campaign_editor",
        model__in=("wordpressimport", "wordpressitem", "camefromwordpress"),
    ).update(app_label="wordpress")


class Migration(migrations.Migration):
    """The tables are those that campaign_editor has made."""

    initial = True

    dependencies = [
        ("campaign_editor", "0003_wordpress_is_a_room_of_its_own"),
        ("campaigns", "0002_one_campaign_an_address"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="WordPressImport",
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
                        (
                            "file_name",
                            models.CharField(max_length=120, verbose_name="file"),
                        ),
                        (
                            "name",
                            models.CharField(
                                default=wordpress.models.new_name,
                                editable=False,
                                max_length=32,
                            ),
                        ),
                        (
                            "has_pictures",
                            models.BooleanField(default=False, editable=False),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="asked for",
                            ),
                        ),
                        (
                            "site",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="website"
                            ),
                        ),
                        (
                            "title",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="title"
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("reading", "we are reading it"),
                                    ("planned", "waits for your choice"),
                                    ("bringing", "in progress"),
                                    ("done", "finished"),
                                    ("failed", "cannot be read"),
                                ],
                                default="reading",
                                editable=False,
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "fault",
                            models.CharField(blank=True, editable=False, max_length=10),
                        ),
                        ("left_out", models.JSONField(default=dict, editable=False)),
                        ("into_number", models.BigIntegerField(blank=True, null=True)),
                        (
                            "total",
                            models.PositiveIntegerField(default=0, editable=False),
                        ),
                        (
                            "done",
                            models.PositiveIntegerField(default=0, editable=False),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
                            ),
                        ),
                        (
                            "into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="campaigns.campaign",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import from WordPress",
                        "verbose_name_plural": "imports from WordPress",
                        "db_table": "campaign_editor_wordpressimport",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CameFromWordPress",
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
                        ("site", models.CharField(max_length=200)),
                        ("number", models.BigIntegerField()),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="campaigns.campaign",
                            ),
                        ),
                        (
                            "update",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="campaigns.update",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "origin in WordPress",
                        "verbose_name_plural": "origins in WordPress",
                        "db_table": "campaign_editor_camefromwordpress",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "number"),
                                name="a_page_of_wordpress_comes_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WordPressItem",
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
                        ("number", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=20)),
                        ("title", models.CharField(blank=True, max_length=200)),
                        ("link", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateTimeField(null=True)),
                        ("comments", models.PositiveIntegerField(default=0)),
                        ("notes", models.JSONField(default=list)),
                        (
                            "becomes",
                            models.CharField(
                                choices=[
                                    ("campaign", "a campaign (draft)"),
                                    ("update", "an update"),
                                    ("reading", "background reading"),
                                    ("nothing", "nothing"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("came_at", models.DateTimeField(null=True)),
                        ("came_before", models.BooleanField(default=False)),
                        ("comments_came", models.PositiveIntegerField(default=0)),
                        ("why", models.JSONField(default=list)),
                        (
                            "campaign",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="campaigns.campaign",
                            ),
                        ),
                        (
                            "of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="wordpress.wordpressimport",
                            ),
                        ),
                        (
                            "update",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="campaigns.update",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "item of WordPress",
                        "verbose_name_plural": "items of WordPress",
                        "db_table": "campaign_editor_wordpressitem",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("of", "number"),
                                name="an_item_is_in_an_import_once",
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(take_over_types, migrations.RunPython.noop),
    ]
