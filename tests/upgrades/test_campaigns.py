import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_campaign, make_text


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
