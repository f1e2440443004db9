from django.db import migrations


def protect(apps, schema_editor):
    model = apps.get_model("safeguards", "ProtectedName")
    titles = apps.get_model("campaigns", "Campaign").objects.exclude(title="")
    model.objects.bulk_create(
        model(source=f"campaigns.campaign {pk}", kind="title", name=title)
        for pk, title in titles.values_list("pk", "title")
    )


class Migration(migrations.Migration):
    """Nobody signs with the title of a campaign that is there already."""

    dependencies = [
        ("campaigns", "0009_former_addresses_know_their_language"),
        ("safeguards", "0003_protected_names"),
    ]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
