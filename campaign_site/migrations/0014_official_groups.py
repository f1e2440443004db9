from importlib import import_module

from django.db import migrations

# What each group may do with what officials do on their page, as in 0003_groups. Who
# may change an answer may publish it or turn it down; nobody edits it.
GROUPS = {
    "Campaigners": {"letters.officialanswer": "vc", "letters.officialact": "v"},
}


def extend_groups(apps, schema_editor):
    groups = import_module("campaign_site.migrations.0003_groups")
    groups.grant(apps, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("campaign_site", "0013_parcel_groups"),
        ("letters", "0012_officials_page"),
    ]
    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
