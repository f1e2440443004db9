import pytest
from django.db import IntegrityError, transaction

from campaigns.models import Campaign, CampaignText
from petitions.models import Petition
from safeguards.models import ProtectedName
from safeguards.posing import PERSON
from tests.factories import make_campaign, make_counted, make_petition, make_text, sign


def test_an_address_leads_to_one_campaign_also_of_rows_from_before(upgrade_to):
    upgrade = upgrade_to("campaigns", "0002_one_campaign_an_address")
    korean = make_campaign(slug="korean", language="ko")
    told = make_campaign(slug="told")
    made = upgrade.model("campaigns", "CampaignText").objects
    made.create(campaign_id=told.pk, language="ko", slug="sijang", title="-")

    upgrade.migrate()

    for refused in (
        lambda: make_text(make_campaign(), "ko", slug="korean"),
        lambda: told.texts.filter(language="ko").update(slug="korean"),
        lambda: make_campaign(slug="sijang", language="ko"),
        lambda: type(korean).objects.filter(pk=korean.pk).update(slug="sijang"),
    ):
        with (
            pytest.raises(IntegrityError, match="has this address"),
            transaction.atomic(),
        ):
            refused()
    # In another language it is another address, and a campaign keeps its own slug.
    make_text(told, "de", slug="korean")
    make_text(korean, "de", slug="sijang")
    told.texts.filter(language="ko").update(slug="told")


def test_addresses_with_capitals_from_before_lead_on(upgrade_to, client, settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "Korean")]
    upgrade = upgrade_to("campaigns", "0003_addresses_in_small_letters")
    campaigns = upgrade.model("campaigns", "Campaign").objects
    made = {}
    for slug in ("bees", "Bees", "BEES", "Foxes", "About", "bears"):
        made[slug] = make_campaign(slug=f"new-{slug}").pk
        campaigns.filter(pk=made[slug]).update(slug=slug)
    upgrade.model("campaigns", "CampaignText").objects.create(
        campaign_id=made["Foxes"], language="ko", slug="Yeou", title="-"
    )
    formers = upgrade.model("campaigns", "FormerSlug").objects
    for slug in ("Grizzlies", "FOXES"):
        formers.create(slug=slug, language="en", campaign_id=made["bears"])

    upgrade.migrate()

    now = {pk: Campaign.objects.get(pk=pk).slug for pk in made.values()}
    assert [now[pk] for pk in made.values()] == [
        *("bees", "bees-2", "bees-3", "foxes", "about-2", "bears"),
    ]
    for typed, right in {
        "/Bees/": "/bees-2/",
        "/BEES/": "/bees-3/",
        "/About/": "/about-2/",
        "/Grizzlies/": "/bears/",
        "/grizzlies/": "/bears/",
        "/FOXES/": "/bears/",
        "/fOXES/": "/foxes/",
    }.items():
        assert client.get(typed)["Location"] == right
    assert CampaignText.objects.get().slug == "yeou"


def test_whom_a_campaign_from_before_names_is_protected_once(upgrade_to):
    upgrade = upgrade_to("campaigns", "0004_names_of_offices_that_campaigns_name")
    campaign = make_campaign(summary="We ask Mayor Jane Roe.")
    make_text(campaign, "ko", summary="김동근 시장에게 바랍니다.")
    names = upgrade.model("safeguards", "ProtectedName").objects
    names.filter(name__in=["Jane Roe", "김동근"]).delete()
    stored = names.count()

    upgrade.migrate()

    found = ProtectedName.objects.filter(source=campaign.protected_as)
    people = found.filter(kind=PERSON).values_list("name", flat=True)
    assert sorted(people) == ["Jane Roe", "김동근"]
    assert ProtectedName.objects.count() == stored + 2


def test_a_site_in_one_language_gets_more_with_its_addresses_and_its_count(
    upgrade_to, settings, client
):
    offered, settings.LANGUAGES = settings.LANGUAGES, [("en", "English")]
    upgrade = upgrade_to("campaigns", "0002_one_campaign_an_address")
    petition = make_petition(make_campaign(slug="bucheon"))
    make_counted(petition, 3)
    waiting = sign(petition, email="zoe@mail.example")

    upgrade.migrate()
    settings.LANGUAGES = offered

    for path in ("/bucheon/", "/bucheon/signatures/", waiting.inbox_url):
        assert client.get(path).status_code == 200
    assert Petition.objects.get().standing.count == 3
    waiting.confirm()
    assert Petition.objects.get().standing.count == 4
