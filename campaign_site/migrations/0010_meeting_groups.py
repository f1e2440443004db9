from importlib import import_module

from django.db import migrations

# What each group may do with meetings, as in 0003_groups.
GROUPS = {
    "Campaigners": {"letters.meeting": "vacd"},
    "Moderators": {"letters.meeting": "v"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0009_source_groups"),
        ("letters", "0005_meeting"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
