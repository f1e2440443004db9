from importlib import import_module

from django.db import migrations

# Whoever might write the block list of comments may write that of everything.
GROUPS = {"Moderators": {"supporters.block": "vacd"}}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)
    permissions = apps.get_model("auth", "Permission").objects
    of_supporters = {
        permission.codename: permission
        for permission in permissions.filter(
            content_type__app_label="supporters", content_type__model="block"
        )
    }
    for before in permissions.filter(
        content_type__app_label="comments", content_type__model="block"
    ):
        now = of_supporters[before.codename]
        now.group_set.add(*before.group_set.all())
        now.user_set.add(*before.user_set.all())


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0007_milestone_groups"),
        ("supporters", "0006_block_list_from_comments"),
        ("staff", "0001_user"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
