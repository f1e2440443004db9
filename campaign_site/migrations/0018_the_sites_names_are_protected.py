from django.db import migrations


def protect(apps, schema_editor):
    model = apps.get_model("safeguards", "ProtectedName")
    names = apps.get_model("campaign_site", "Face").objects.values_list(
        "pk", "name", "sender_name"
    )
    model.objects.bulk_create(
        model(source=f"campaign_site.face {pk}", kind="organisation", name=name)
        for pk, *some in names
        for name in filter(None, set(some))
    )


class Migration(migrations.Migration):
    """Nobody signs with the name of the site, or of who sends its mails."""

    dependencies = [
        ("campaign_site", "0017_hits_to_safeguards"),
        ("safeguards", "0003_protected_names"),
    ]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
