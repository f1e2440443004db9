import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The table stays where it is, under its name, for code that still calls it a comment's.
BLOCK = migrations.CreateModel(
    name="Block",
    fields=[
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        (
            "kind",
            models.CharField(
                choices=[
                    ("word", "word or phrase"),
                    ("address", "email address or domain"),
                    ("network", "network"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        (
            "value",
            models.CharField(
                help_text="A word or phrase; an address like spam@example.com or a domain like example.com; or an IP address, of which the network counts.",
                max_length=254,
                verbose_name="what is blocked",
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
        "verbose_name": "block",
        "verbose_name_plural": "block list",
        "db_table": "comments_block",
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
)


class Migration(migrations.Migration):
    dependencies = [
        ("supporters", "0005_stopped_follows_withdraw_consents"),
        ("comments", "0006_reply_frequency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[BLOCK])]
