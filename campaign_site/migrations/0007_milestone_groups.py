from importlib import import_module

from django.db import migrations

# What each group may do with milestones, as in 0003_groups.
GROUPS = {
    "Campaigners": {"campaigns.milestone": "vacd"},
    "Moderators": {"campaigns.milestone": "v"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0006_update_groups"),
        ("campaigns", "0003_milestone"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
