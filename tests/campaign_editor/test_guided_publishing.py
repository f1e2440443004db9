"""Bo publishes a campaign from the guided form, now or at a time."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.models import Campaign
from tests.campaign_editor.forms import (
    LETTER,
    NEW,
    WHOLE,
    make,
    missing,
    page_of,
    press,
    said,
    send,
)
from tests.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bo")]


def test_one_fault_in_the_letter_is_one_line_of_the_checklist(client):
    answer = send(client, **WHOLE, **LETTER | {"letter-body": "Dear all: {help}."})

    assert missing(answer) == ["letter-body"]
    assert "A draft: 1 thing to put right" in answer.text


def test_publishing_is_refused_with_a_list_and_nothing_is_lost(client):
    answer = send(client, button="publish", **WHOLE, **{"letter-subject": "Help"})

    campaign = Campaign.objects.get()
    assert said(answer) == "Saved, but not published: 2 things to put right."
    assert missing(answer) == ["letter-body", "letter-lines"]
    assert campaign.published_at is None
    assert campaign.petition.ask == WHOLE["petition-ask"]

    answer = send(client, page_of(campaign), button="publish", **LETTER)
    assert said(answer) == "Published. Everybody can see it now."
    page = client.get("/save-the-foxes/").text
    assert WHOLE["petition-ask"] in page
    assert "mayor@council.example" in page


def look_of(page):
    """What stands beside the button that publishes."""
    return page.partition("Before you publish it")[2].partition("</div>")[0]


def test_an_ask_of_two_sentences_is_published_and_said_to_be_more_than_one(client):
    several = "now it is more than one"
    page = page_of(make(client, **WHOLE | {"summary": "Ask Dr. Kim. Write today."}))
    assert several in look_of(client.get(page).text)

    one = send(client, page, summary="Ask Dr. Kim to help on 2 May.")
    assert several not in look_of(one.text)

    done = send(client, page, button="publish", summary="Ask him! Write today.")
    assert said(done) == "Published. Everybody can see it now."


def test_the_page_says_the_ask_once_if_both_fields_say_the_same(client):
    ask = WHOLE["summary"]
    send(client, button="publish", **WHOLE, asked=ask)
    page = client.get("/save-the-foxes/").text
    assert f'<p class="lead">{ask}</p>' in page
    assert "What we ask" not in page

    send(client, page_of(Campaign.objects.get()), asked="Help the foxes.")

    cache.clear()
    page = client.get("/save-the-foxes/").text
    assert "<dt>What we ask</dt><dd>Help the foxes.</dd>" in page


def test_what_is_only_good_to_have_stops_nothing(client):
    """It stands beside the button before, and afterwards where the message is."""
    page = page_of(make(client, **WHOLE))
    look = look_of(client.get(page).text)
    assert "A picture" in look
    assert "Letters for Animals, 1 Example Street, Bakersfield" in look
    assert "is still only an example." in look
    assert "ask an administrator" in look

    answer = send(client, page, publish="look")

    assert said(answer) == "Published. Everybody can see it now."
    # There it is seen, wherever on the page the button was.
    assert answer.redirect_chain[-1][0] == f"{page}#messages"
    top = answer.text.partition('id="messages"')[2].partition("</section>")[0]
    assert "A picture" in top
    assert "http://testserver/save-the-foxes/" in top
    assert "is still only an example." in top
    assert not look_of(answer.text)


def test_what_may_be_a_mistake_is_asked_about_once(client):
    page = page_of(
        make(
            client,
            **WHOLE
            | LETTER
            | {
                "story": "<p>They live [where?].</p><p>[picture 1]</p>",
                "event_name": "A visit",
                "event_starts": "2020-01-01",
                "letter-body": LETTER["letter-body"] + "\r\n\r\n[Your own words]",
            },
        )
    )
    answer = send(client, page, publish="look")

    campaign = Campaign.objects.get()
    assert campaign.published_at is None
    assert answer.redirect_chain[-1][0] == f"{page}?look#publish"
    look = look_of(answer.text)
    assert "Saved, and not published yet." in look
    assert "The event is in the past: 1 January 2020" in look
    assert "The writer’s own words stand below their name" in look
    assert "Story has words in brackets: [where?]<" in look

    answer = send(client, f"{page}?look", button="publish")
    assert said(answer) == "Published. Everybody can see it now."


def test_a_site_of_its_own_is_not_called_an_example(client, settings):
    settings.CONTACT_EMAIL = "hello@animals.org"
    settings.CONTROLLER = "Animals, 12 High Street, Hull"
    client.force_login(make_staff("ada", is_superuser=True))

    look = look_of(client.get(NEW).text)

    assert "Animals, 12 High Street, Hull" in look
    assert "only an example" not in look
    assert "/admin/branding/branding/" in look


def test_what_is_missing_is_said_at_the_first_press_too(client):
    answer = send(client, publish="look", **WHOLE | {"title": ""})

    assert said(answer) == "Saved, but not published: 1 thing to put right."


def test_a_published_campaign_takes_only_what_is_whole(client):
    press(client, button="publish", **WHOLE, **LETTER)
    campaign = Campaign.objects.get()

    for change in (
        {"title": ""},
        {"petition-ask": ""},
        {"letter-body": "No {name}"},
        {"story": ""},
        {"closes": "2020-01-01T10:00"},
    ):
        answer = send(client, page_of(campaign), summary="New.", **change)
        assert answer.status_code == 422
        assert "We have not saved it yet." in answer.text
        assert "New.</textarea>" in answer.text
        client.post(page_of(campaign), {"discard": ""})
    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == (WHOLE["title"], WHOLE["summary"])

    assert send(client, page_of(campaign), summary="New.").status_code == 200
    assert "New." in client.get("/save-the-foxes/").text


def test_times_are_meant_by_the_campaigns_clocks(client):
    zone = "America/Los_Angeles"
    campaign = make(client, timezone=zone, opens="2999-03-01T09:30", closes=None)

    assert campaign.opens_at.astimezone(ZoneInfo(zone)).hour == 9
    page = client.get(page_of(campaign)).text
    assert 'value="2999-03-01T09:30"' in page
    left_out = send(client, page_of(campaign), closes="2999-03-10T02:30")
    assert "The clocks go forward" in left_out.text


def test_a_campaign_appears_by_itself_at_its_time(client):
    campaign = make(client, timezone="Asia/Seoul", **WHOLE)
    at = timezone.now().astimezone(ZoneInfo("Asia/Seoul")) + timedelta(days=2)
    at = at.replace(hour=9, minute=0, second=0, microsecond=0)

    def schedule(at):
        typed = f"{at:%Y-%m-%dT%H:%M}"
        return send(client, page_of(campaign), button="schedule", publish_at=typed)

    assert "in the future" in said(schedule(at - timedelta(days=9)))
    answer = schedule(at)
    assert f"{at.day} {at:%B} {at.year}, 09:00 (Seoul time)" in said(answer)
    assert client.get("/save-the-foxes/").status_code == 404
    assert "scheduled" in client.get("/admin/campaigns/campaign/").text
    campaign.refresh_from_db()
    assert campaign.appears_at == at

    # It stays whole while it waits.
    assert send(client, page_of(campaign), title="").status_code == 422
    client.post(page_of(campaign), {"discard": ""})
    later = at + timedelta(days=1)
    schedule(later)
    campaign.refresh_from_db()
    assert campaign.appears_at == campaign.opens_at == later

    # Its time has come: nobody had to do anything.
    past = timezone.now() - timedelta(seconds=1)
    Campaign.objects.update(published_at=past, opens_at=past)
    assert client.get("/save-the-foxes/").status_code == 200
    assert "Save the foxes" in client.get("/").text


def test_what_is_scheduled_becomes_a_draft_again_or_appears_now(client):
    campaign = make(client, **WHOLE)
    page = page_of(campaign)
    press(client, page, button="schedule", publish_at="2999-01-01T10:00")

    press(client, page, button="unschedule", title="")
    campaign.refresh_from_db()
    assert (campaign.published_at, campaign.title) == (None, "")
    assert campaign.opens_at <= timezone.now()

    press(client, page, button="schedule", title="Foxes", publish_at="2999-01-01T10:00")
    press(client, page, button="publish")
    assert client.get("/save-the-foxes/").status_code == 200


def test_what_appeared_meanwhile_is_no_draft_any_more(client):
    """Its campaigner has the page of before open, with the button."""
    campaign = make(client, **WHOLE)
    page = page_of(campaign)
    press(client, page, button="publish")

    press(client, page, button="unschedule")

    assert client.get("/save-the-foxes/").status_code == 200
