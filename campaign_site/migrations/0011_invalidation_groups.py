from importlib import import_module

from django.db import migrations

# The fraud desk: campaigners look, moderators take out of the count, and put back.
GROUPS = {
    "Campaigners": {"petitions.invalidation": "v"},
    "Moderators": {"petitions.invalidation": "vac"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0010_meeting_groups"),
        ("petitions", "0014_indexes_of_the_fraud_desk"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
