import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import campaigns.models.told
import outbox.mailed_keys


def take_over_types(apps, schema_editor):
    """What was noted about rows of before is noted about the same rows."""
    apps.get_model("contenttypes", "ContentType").objects.filter(
        app_label="translations", model__in=("translatedtext", "translationrequest")
    ).update(app_label="volunteers")


class Migration(migrations.Migration):
    """The tables are those that translations has made."""

    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("translations", "0002_volunteers_are_a_room_of_their_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="TranslationRequest",
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
                            "language",
                            models.CharField(
                                choices=campaigns.models.told.languages,
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("translates", "translates"),
                                    ("reads", "reads what others translated"),
                                ],
                                default="translates",
                                max_length=10,
                                verbose_name="what they do",
                            ),
                        ),
                        (
                            "may_publish",
                            models.BooleanField(
                                default=False, verbose_name="may publish"
                            ),
                        ),
                        (
                            "with_drafts",
                            models.BooleanField(
                                default=False, verbose_name="sees drafts of updates"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="name"
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="email address"
                            ),
                        ),
                        (
                            "key",
                            outbox.mailed_keys.StandingKey(
                                default=outbox.mailed_keys.new_standing_key,
                                editable=False,
                                max_length=22,
                                unique=True,
                            ),
                        ),
                        ("ends_at", models.DateTimeField(verbose_name="ends")),
                        (
                            "closed_at",
                            models.DateTimeField(null=True, verbose_name="closed"),
                        ),
                        (
                            "handed_in_at",
                            models.DateTimeField(null=True, verbose_name="handed in"),
                        ),
                        (
                            "handed_in",
                            models.CharField(blank=True, editable=False, max_length=32),
                        ),
                        ("published_at", models.DateTimeField(null=True)),
                        ("told_at", models.DateTimeField(null=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                verbose_name="asked on",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="translation_requests",
                                to="campaigns.campaign",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "translations_translationrequest",
                        "verbose_name": "request for a translation",
                        "verbose_name_plural": "requests for translations",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TranslatedText",
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
                            "language",
                            models.CharField(
                                choices=campaigns.models.told.languages, max_length=10
                            ),
                        ),
                        ("what", models.CharField(max_length=100)),
                        ("words", models.TextField(blank=True)),
                        ("source", models.TextField(blank=True)),
                        (
                            "source_at",
                            models.DateTimeField(default=django.utils.timezone.now),
                        ),
                        ("waits", models.BooleanField(default=True)),
                        (
                            "changed_at",
                            models.DateTimeField(default=django.utils.timezone.now),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="translated_texts",
                                to="campaigns.campaign",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="volunteers.translationrequest",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "translations_translatedtext",
                        "verbose_name": "text that was translated",
                        "verbose_name_plural": "texts that were translated",
                    },
                ),
                migrations.AddConstraint(
                    model_name="translationrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("may_publish", False), ("role", "reads"), _connector="OR"
                        ),
                        name="only_a_reader_publishes_a_translation",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="translatedtext",
                    constraint=models.UniqueConstraint(
                        models.F("campaign"),
                        models.F("language"),
                        models.F("what"),
                        name="one_translation_of_a_text",
                    ),
                ),
            ]
        ),
        migrations.RunPython(take_over_types, migrations.RunPython.noop),
    ]
