from importlib import import_module

from django.db import migrations

# Whoever might write the block list still may, where it stands now.
GROUPS = {"Moderators": {"safeguards.block": "vacd"}}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0016_deleting_groups"),
        ("safeguards", "0001_hits_and_blocks"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Hits")]
        ),
        migrations.RunPython(extend_groups, migrations.RunPython.noop),
    ]
