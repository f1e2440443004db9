from importlib import import_module

from django.db import migrations

# Since deleting can be undone, campaigners may do it, as in 0003_groups.
GROUPS = {
    "Campaigners": {
        "campaigns.campaign": "d",
        "campaigns.update": "d",
        "petitions.petition": "d",
        "letters.suggestedletter": "d",
        "letters.recipientlist": "d",
        "versions.deleted": "v",
    },
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0015_the_sites_face"),
        ("campaigns", "0007_deleted_campaigns"),
        ("versions", "0001_versions_and_deleted"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
