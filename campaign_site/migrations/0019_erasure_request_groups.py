from importlib import import_module

from django.db import migrations

# Who may ask for the erasure of somebody who has lost their mailbox, and confirm what
# somebody else has asked for, as in 0003_groups.
GROUPS = {"Campaigners": {"supporters.erasurerequest": "vac"}}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0018_the_sites_names_are_protected"),
        ("supporters", "0019_erasure_request"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
