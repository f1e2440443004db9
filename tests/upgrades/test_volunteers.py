import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.factories import make_campaign
from volunteers.models import TranslatedText, TranslationRequest
from volunteers.requests import in_days


@pytest.fixture(autouse=True)
def kinds():
    """Django remembers the kinds of rows; those of this test are gone after it."""
    yield
    ContentType.objects.clear_cache()


def test_a_link_from_before_is_here_still_with_what_was_written_by_it(upgrade_to):
    campaign = make_campaign()
    upgrade = upgrade_to("translations", "0002_volunteers_are_a_room_of_their_own")
    of_it = {"campaign_id": campaign.pk, "language": "ko"}
    link = upgrade.model("translations", "TranslationRequest").objects.create(
        name="Min-ji", ends_at=in_days(14), **of_it
    )
    upgrade.model("translations", "TranslatedText").objects.create(
        what=f"campaign-{campaign.pk}.title", words="시장", by_id=link.pk, **of_it
    )
    ContentType.objects.filter(app_label="volunteers").delete()
    kind, _made = ContentType.objects.get_or_create(
        app_label="translations", model="translationrequest"
    )

    upgrade.migrate()

    found = TranslationRequest.objects.get()
    assert (found.key, found.campaign, found.name) == (link.key, campaign, "Min-ji")
    text = TranslatedText.objects.get()
    assert (text.words, text.by, text.waits) == ("시장", found, True)
    ContentType.objects.clear_cache()
    assert ContentType.objects.get_for_id(kind.pk).model_class() is TranslationRequest


def test_a_link_from_before_is_handed_in_and_its_volunteer_told(upgrade_to):
    upgrade = upgrade_to("volunteers", "0002_nobody_reads_what_was_handed_in")
    made = upgrade.model("volunteers", "TranslationRequest").objects.create(
        campaign_id=make_campaign().pk, language="ko", ends_at=in_days(14)
    )
    connection.check_constraints()

    upgrade.migrate()

    found = TranslationRequest.objects.get(pk=made.pk)
    found.hand_in()
    found.tell_published()
    assert found.handed_in_at <= found.published_at
