from django.db import migrations


class Migration(migrations.Migration):
    """Counters are written with each form, and may be lost when the server crashes."""

    dependencies = [("safeguards", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE safeguards_hits SET UNLOGGED",
            "ALTER TABLE safeguards_hits SET LOGGED",
        )
    ]
