from importlib import import_module

from django.db import migrations

# Who may look at consents, and at what the nights forgot, as in 0003_groups.
GROUPS = {
    "Campaigners": {"supporters.consent": "v", "supporters.night": "v"},
    "Moderators": {"supporters.consent": "v"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0004_comment_groups"),
        ("supporters", "0002_visit_erasure_night"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
