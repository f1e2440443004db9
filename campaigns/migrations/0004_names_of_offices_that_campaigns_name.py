from django.db import migrations

from campaigns.models.offices import offices_named_by


def protect_names(apps, schema_editor):
    """Add what saving a campaign adds since its texts are read for names."""
    protected = apps.get_model("safeguards", "ProtectedName")
    campaigns = apps.get_model("campaigns", "Campaign").objects
    for campaign in campaigns.prefetch_related("texts").iterator(chunk_size=100):
        source = f"campaigns.campaign {campaign.pk}"
        known = set(protected.objects.filter(source=source).values_list("kind", "name"))
        found = {
            (kind, " ".join(name.split())[:250])
            for kind, name in offices_named_by(campaign)
        }
        protected.objects.bulk_create(
            protected(source=source, kind=kind, name=name)
            for kind, name in sorted(found - known)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_addresses_in_small_letters"),
        ("safeguards", "0003_words_that_wait_in_names"),
    ]
    operations = [migrations.RunPython(protect_names, migrations.RunPython.noop)]
