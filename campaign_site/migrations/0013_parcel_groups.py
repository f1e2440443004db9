from importlib import import_module

from django.db import migrations

# What each group may do with mails of several letters, as in 0003_groups.
GROUPS = {"Campaigners": {"letters.parcel": "v"}}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0012_paper_and_delivery_groups"),
        ("letters", "0011_parcels"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
