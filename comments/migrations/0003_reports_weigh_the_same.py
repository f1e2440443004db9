from django.db import migrations


class Migration(migrations.Migration):
    """The column stays for the code before, which fills it; it may be empty."""

    dependencies = [("comments", "0002_repeats_are_settled")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("commentreport", "was_right")]
        )
    ]
