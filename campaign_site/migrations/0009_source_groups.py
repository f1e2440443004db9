from importlib import import_module

from django.db import migrations

# What each group may do with the links that campaigners share, as in 0003_groups.
GROUPS = {
    "Campaigners": {"petitions.source": "vacd"},
    "Moderators": {"petitions.source": "v"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0008_block_list_groups"),
        ("petitions", "0011_sources"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
