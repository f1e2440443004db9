"""The end is moved by nobody into the past, and then the number stands."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.timezone import localtime

from campaigns.models import Campaign
from petitions.models import Petition
from tests.campaign_editor.forms import page_of, send
from tests.factories import (
    make_campaign,
    make_petition,
    make_staff,
    sign,
)

pytestmark = pytest.mark.django_db
OVER = "This time is over."


@pytest.fixture
def petition():
    return make_petition(
        make_campaign(story="<p>They live here.</p>", timezone="Europe/Rome")
    )


@pytest.fixture
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))
    return client


def typed(moment):
    return f"{localtime(moment, ZoneInfo('Europe/Rome')):%Y-%m-%dT%H:%M}"


def guided_form(client, campaign, closes, **fields):
    return send(client, page_of(campaign), closes=closes, **fields)


def test_an_end_before_now_is_refused_and_who_signed_today_confirms(bo, petition):
    signature = sign(petition)
    before = petition.campaign.closes_at

    answer = guided_form(
        bo, petition.campaign, typed(timezone.now() - timedelta(days=2))
    )

    assert OVER in answer.text
    assert "choose “Close …” and say why" in answer.text
    assert Campaign.objects.get().closes_at == before
    signature.confirm()
    assert Petition.objects.get().standing.count == 1


def test_an_end_to_come_is_saved(bo, petition):
    soon = timezone.now() + timedelta(hours=2)

    guided_form(bo, petition.campaign, typed(soon))

    assert typed(Campaign.objects.get().closes_at) == typed(soon)


def test_another_time_zone_does_not_end_a_campaign(bo, petition):
    campaign = petition.campaign
    campaign.closes_at = timezone.now() + timedelta(hours=2)
    campaign.save()

    answer = guided_form(bo, campaign, typed(campaign.closes_at), timezone="Asia/Seoul")

    assert OVER in answer.text
    assert Campaign.objects.get().is_open


def test_what_has_ended_gets_no_earlier_end_but_all_else(bo, petition):
    campaign = petition.campaign
    ended = timezone.now() - timedelta(hours=2)
    Campaign.objects.update(closes_at=ended)

    answer = guided_form(bo, campaign, typed(ended - timedelta(days=3)))
    guided_form(
        bo, campaign, typed(ended), title="Another title", timezone="Asia/Seoul"
    )

    assert OVER in answer.text
    campaign = Campaign.objects.get()
    assert (campaign.title, campaign.timezone) == ("Another title", "Asia/Seoul")
    assert campaign.has_ended


def test_a_draft_may_have_any_end(bo, petition):
    Campaign.objects.update(published_at=None)
    yesterday = timezone.now() - timedelta(days=1)

    guided_form(bo, petition.campaign, typed(yesterday))

    assert typed(Campaign.objects.get().closes_at) == typed(yesterday)


def test_an_ended_petition_offers_no_pause(bo, petition):
    page = f"/admin/petitions/petition/{petition.pk}/change/"
    pause = f"/admin/petitions/petition/{petition.pk}/pause/"
    assert "Pause signing" in bo.get(page).text
    petition.campaign.close("It is done.")

    assert "Pause signing" not in bo.get(page).text
    for answer in (bo.get(pause, follow=True), bo.post(pause, follow=True)):
        assert "The campaign has ended, so nobody can sign." in answer.text
    assert Petition.objects.get().paused_at is None
