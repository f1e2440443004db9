from django.db import migrations, models

EMPTY = models.CharField(max_length=7, blank=True, default="", db_default="")
NAMES = ("primary_dark", "accent_dark")


class Migration(migrations.Migration):
    """The columns stay for the code before, and are empty in a new row."""

    dependencies = [("branding", "0001_initial")]
    operations = [
        *(migrations.AlterField("branding", name, EMPTY) for name in NAMES),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("branding", n) for n in NAMES]
        ),
    ]
