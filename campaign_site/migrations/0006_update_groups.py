from importlib import import_module

from django.db import migrations

# What each group may do with updates and their followers, as in 0003_groups.
GROUPS = {
    "Campaigners": {
        "campaigns.update": "vac",
        "supporters.mailing": "vac",
        "supporters.follow": "v",
    },
    "Moderators": {"campaigns.update": "v", "supporters.follow": "vc"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0005_consent_groups"),
        ("campaigns", "0002_update"),
        ("supporters", "0003_follow_mailing_copy"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
