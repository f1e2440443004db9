from django.db import migrations


class Migration(migrations.Migration):
    """The table has another name by now: safeguards calls it its own."""

    dependencies = [
        ("supporters", "0012_night_says_what_it_left"),
        ("safeguards", "0001_hits_and_blocks"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Block")]
        )
    ]
