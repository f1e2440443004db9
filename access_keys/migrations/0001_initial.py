import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


def take_over_types(apps, schema_editor):
    """What was noted about rows of before is noted about the same rows."""
    apps.get_model("contenttypes", "ContentType").objects.filter(
        app_label="api", model__in=("accesskey", "handedout")
    ).update(app_label="access_keys")


class Migration(migrations.Migration):
    """The tables are those that api has made."""

    initial = True

    dependencies = [
        ("api", "0002_access_keys_are_a_room_of_their_own"),
        ("campaigns", "0002_one_campaign_an_address"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("petitions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AccessKey",
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
                            "name",
                            models.CharField(
                                help_text="Which program uses it, for example “Our mailing list”.",
                                max_length=80,
                                verbose_name="name",
                            ),
                        ),
                        ("key_hash", models.BinaryField(max_length=32, unique=True)),
                        (
                            "made_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="made",
                            ),
                        ),
                        (
                            "ends_on",
                            models.DateField(
                                help_text="A year from now at the latest.",
                                verbose_name="last day",
                            ),
                        ),
                        ("revoked_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "last_used_on",
                            models.DateField(
                                editable=False, null=True, verbose_name="last used"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                blank=True,
                                help_text="If empty, all campaigns whose names you may download.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="campaigns.campaign",
                                verbose_name="campaign",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "access key",
                        "verbose_name_plural": "access keys",
                        "db_table": "api_accesskey",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="HandedOut",
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
                        ("code", models.UUIDField(unique=True)),
                        ("version", models.BigIntegerField(null=True)),
                        (
                            "changed_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("dropped_at", models.DateTimeField(null=True)),
                        (
                            "petition",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="petitions.petition",
                            ),
                        ),
                        (
                            "signature",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="petitions.signature",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "signature handed out",
                        "verbose_name_plural": "signatures handed out",
                        "db_table": "api_handedout",
                        "indexes": [
                            models.Index(
                                models.F("petition"),
                                models.F("id"),
                                name="handed_out_in_order",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("dropped_at", None),
                                    models.Q(
                                        ("signature__isnull", True),
                                        ("version__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="dropped_signature_is_nobody_s",
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(take_over_types, migrations.RunPython.noop),
    ]
