import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def choose(apps, schema_editor):
    wanted = apps.get_model("campaign_editor", "WeeklySummary").objects.filter(
        stopped_at=None
    )
    users = apps.get_model("staff", "User").objects.filter(pk__in=wanted.values("user"))
    users.update(gets_summary=True)


class Migration(migrations.Migration):
    """The table stays for the code before, and keeps nobody's account from deletion."""

    dependencies = [
        ("campaign_editor", "0001_initial"),
        ("staff", "0004_user_gets_summary"),
    ]

    operations = [
        migrations.RunPython(choose, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="weeklysummary",
            name="user",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="weekly_summary",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("WeeklySummary")]
        ),
    ]
