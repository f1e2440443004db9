from importlib import import_module

from django.db import migrations

# What each group may do with the models of the moderators' desk, as in 0003_groups.
GROUPS = {
    "Campaigners": {"comments.thread": "vac", "comments.moderation": "v"},
    "Moderators": {
        "comments.thread": "vac",
        "comments.block": "vacd",
        "comments.moderation": "v",
        "comments.report": "v",
    },
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0003_groups"),
        ("comments", "0004_comment_constraints"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
