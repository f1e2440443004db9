import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hits",
            fields=[
                (
                    "key",
                    models.BinaryField(
                        max_length=16, primary_key=True, serialize=False
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "hits",
            },
        ),
        migrations.CreateModel(
            name="ProtectedName",
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
                ("source", models.CharField(db_index=True, max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=250)),
            ],
            options={
                "verbose_name": "protected name",
                "verbose_name_plural": "protected names",
            },
        ),
        migrations.CreateModel(
            name="Block",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("word", "block a word or phrase"),
                            ("address", "block an email address or domain"),
                            ("network", "block a network"),
                            ("allowed address", "allow an email address or domain"),
                            ("allowed network", "allow a network"),
                        ],
                        max_length=15,
                        verbose_name="what to do",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        help_text="A word or phrase, an address like spam@example.com, a domain like example.com, or an IP address, which stands for its network. An address is stored in one spelling for its whole mailbox.",
                        max_length=254,
                        verbose_name="what it is about",
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="The entry has no effect after this. Leave it empty for no end.",
                        null=True,
                        verbose_name="ends",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=200, verbose_name="why"),
                ),
                (
                    "added_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="added"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "block list entry",
                "verbose_name_plural": "block list entries",
                "ordering": ["kind", "value"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("kind"),
                        models.F("value"),
                        name="blocked_once",
                        violation_error_message="This is on the list already.",
                    )
                ],
            },
        ),
    ]
