from django.db import migrations


class Migration(migrations.Migration):
    """Counters of minutes and hours need no write-ahead log: a crash may zero them."""

    dependencies = [("campaign_site", "0001_hits")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE campaign_site_hits SET UNLOGGED",
            "ALTER TABLE campaign_site_hits SET LOGGED",
        )
    ]
