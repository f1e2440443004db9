from django.db import migrations


class Migration(migrations.Migration):
    """Makes counters unlogged: each form writes them, and a crash may lose them."""

    dependencies = [("safeguards", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE safeguards_hits SET UNLOGGED",
            "ALTER TABLE safeguards_hits SET LOGGED",
        )
    ]
