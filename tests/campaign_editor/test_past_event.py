"""A letter that nobody has changed since its event was over: its campaigner is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from tests.campaign_editor.forms import LETTER, WHOLE, make, page_of, press
from tests.factories import make_campaign, make_letter
from versions.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bo")]
DAY = timedelta(days=1)


@pytest.fixture
def campaign(client):
    """One whose event was three days ago, and which was saved before that."""
    made = make(client, **WHOLE, **LETTER)
    made.publish(at=timezone.now() - 9 * DAY)
    Version.objects.update(at=timezone.now() - 9 * DAY)
    return with_event(made, event_starts=made.today - 3 * DAY)


def with_event(campaign, **dates):
    Campaign.objects.filter(pk=campaign.pk).update(**dates)
    campaign.refresh_from_db()
    return campaign


def is_told(client, campaign):
    """Whether the campaign's home and the letter's part of its form both say it."""
    home = client.get(f"{page_of(campaign)}home/").text
    form = client.get(page_of(campaign)).text
    told = "the letter is still the one from before" in home
    assert ("do not speak of it as still to come" in form) is told
    assert (f'href="{page_of(campaign)}#letter">Check the letter<' in home) is told
    return told


def test_it_is_told_until_somebody_saves_the_letter(client, campaign):
    assert is_told(client, campaign)

    press(client, page_of(campaign), title="Save all the foxes")
    assert is_told(client, campaign)

    press(client, page_of(campaign), **{"letter-subject": "It was a good visit"})
    assert not is_told(client, campaign)
    home = client.get(f"{page_of(campaign)}home/").text
    assert "Tell people what happened there." in home


def test_it_is_told_only_after_the_last_day_and_while_people_can_write(
    client, campaign
):
    assert not is_told(client, with_event(campaign, event_ends=campaign.today))
    assert is_told(client, with_event(campaign, event_ends=campaign.today - DAY))

    campaign.close()

    assert not is_told(client, campaign)


def test_a_letter_without_versions_is_from_before(client):
    campaign = make_letter(make_campaign()).campaign
    assert not is_told(client, campaign)

    assert is_told(client, with_event(campaign, event_starts=campaign.today - DAY))
