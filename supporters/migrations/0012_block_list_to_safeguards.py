from django.db import migrations


class Migration(migrations.Migration):
    """The table has another name by now: safeguards calls it its own."""

    dependencies = [
        ("supporters", "0011_no_index_of_campaigns"),
        ("safeguards", "0001_hits_and_blocks"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Block")]
        )
    ]
