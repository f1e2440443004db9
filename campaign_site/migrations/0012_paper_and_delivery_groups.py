from importlib import import_module

from django.db import migrations

# What each group may do with names on paper and with what officials get, as in
# 0003_groups. Who may change a batch may count what somebody else has entered.
GROUPS = {
    "Campaigners": {
        "petitions.paperbatch": "vacd",
        "petitions.paperline": "vcd",
        "petitions.bundle": "va",
    },
    "Moderators": {"petitions.paperbatch": "vc", "petitions.paperline": "v"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0011_invalidation_groups"),
        ("petitions", "0016_bundle_for_officials"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
