from itertools import chain, count

from django.db import migrations

from campaigns.models.address import RESERVED_SLUGS
from pages.languages import possible_prefixes

CAPITALS = "[A-Z]"


def use_small_letters(apps, schema_editor):
    """The address of before leads on, also in small letters if nothing else is there.

    Where another page has the address in small letters, a number is added.
    """
    campaigns, texts, formers = (
        apps.get_model("campaigns", name).objects
        for name in ("Campaign", "CampaignText", "FormerSlug")
    )

    def is_free(slug, mine):
        own = slug in RESERVED_SLUGS | possible_prefixes()
        others = texts.exclude(campaign_id=mine), formers.exclude(campaign_id=mine)
        found = (campaigns.exclude(pk=mine), *others)
        return not (own or any(rows.filter(slug=slug).exists() for rows in found))

    for rows in (campaigns, texts):
        with_capitals = rows.filter(slug__regex=CAPITALS).order_by("pk")
        for row in with_capitals.only("slug", "language"):
            mine = row.pk if rows is campaigns else row.campaign_id
            place = {"slug": row.slug, "language": row.language}
            formers.get_or_create(**place, defaults={"campaign_id": mine})
            small = row.slug.lower()
            names = chain([small], (f"{small[:75]}-{n}" for n in count(2)))
            free = next(name for name in names if is_free(name, mine))
            rows.filter(pk=row.pk).update(slug=free)
    for former in formers.filter(slug__regex=CAPITALS):
        former.pk, former.slug = None, former.slug.lower()
        if is_free(former.slug, former.campaign_id):
            formers.bulk_create([former], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_one_campaign_an_address")]
    operations = [migrations.RunPython(use_small_letters, migrations.RunPython.noop)]
