from django.db import migrations, models


class Migration(migrations.Migration):
    """The columns stay for the code before, and may be empty."""

    dependencies = [("volunteers", "0001_initial")]
    operations = [
        migrations.AlterField(
            "translationrequest",
            "handed_in",
            models.CharField(max_length=32, blank=True, db_default=""),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("translationrequest", "handed_in"),
                migrations.RemoveField("translationrequest", "told_at"),
            ]
        ),
    ]
