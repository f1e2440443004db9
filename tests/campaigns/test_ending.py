"""Closing a campaign asks first and tells why; what was closed opens again."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.models import Milestone, address
from tests.campaign_editor.forms import page_of, send
from tests.factories import (
    make_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_text,
)
from tests.letters.makers import confirmed, write

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"
WHY = "The market closed last night."


@pytest.fixture
def campaign(client):
    client.force_login(make_staff("bo", "Campaigners"))
    return make_petition(story="<p>Dogs are sold.</p>").campaign


def ending_of(campaign):
    return f"{CAMPAIGNS}{campaign.pk}/ending/"


def close(client, campaign, reason=WHY):
    return client.post(
        ending_of(campaign), {"reason": reason, "close": ""}, follow=True
    )


def look(client, campaign):
    cache.clear()
    return client.get(campaign.get_absolute_url()).text


def in_days(number):
    return f"{timezone.now() + timedelta(days=number):%Y-%m-%dT12:00}"


@pytest.mark.parametrize("where", ["home", "guided form"])
def test_each_way_to_close_leads_to_a_question(client, campaign, where):
    path = {
        "home": f"/admin/editor/campaigns/{campaign.pk}/home/",
        "guided form": page_of(campaign),
    }[where]
    assert ending_of(campaign) in client.get(path).text

    asked = client.get(ending_of(campaign)).text

    assert "Signing, writing and commenting end now." in asked
    assert "can confirm for 24 more hours" in asked
    campaign.refresh_from_db()
    assert campaign.is_open


def test_the_question_says_what_waits_and_who_hears_nothing_by_itself(client, campaign):
    suggested = make_letter(campaign)
    before = client.get(ending_of(campaign)).text
    confirmed(suggested)
    write(suggested, held_for="word", email="bo@mail.example")
    write(suggested, email="cy@mail.example")
    make_follow(campaign)

    asked = client.get(ending_of(campaign)).text

    for words in (
        "1 letter waits for a moderator. It cannot be sent after the end",
        "1 letter is not confirmed by its writer yet. It cannot be confirmed after",
        "1 confirmed letter has not left yet. It cannot be sent after the end:",
        "1 person follows this campaign. Closing sends them no email",
    ):
        assert words in asked
        assert words not in before


def test_after_a_decision_staff_do_not_land_on_the_opposite_question(client, campaign):
    closed = close(client, campaign)
    opened = client.post(ending_of(campaign), {"reopen": ""}, follow=True)

    for done in (closed, opened):
        home = f"/admin/editor/campaigns/{campaign.pk}/home/"
        assert done.redirect_chain[-1][0] == home
    assert "Campaign 1: Closed. The pages change within a minute." in closed.text
    assert "Campaign 1: Open again." in opened.text


def test_a_campaign_is_not_closed_without_a_reason(client, campaign):
    page = close(client, campaign, reason=" ")

    assert page.status_code == 422
    assert "Say why it ends. Readers will ask." in page.text
    campaign.refresh_from_db()
    assert campaign.is_open


def test_what_is_closed_early_tells_its_reason_wherever_one_could_act(client, campaign):
    make_letter(campaign)
    said = close(client, campaign, reason="<b>We won.</b>\n\nThank you.").text

    assert "Closed. The pages change within a minute." in said
    pages = [
        look(client, campaign),
        client.get("/campaign-1/count/").text,
        client.get("/campaign-1/signatures/").text,
    ]
    for page in pages:
        assert "<p>&lt;b&gt;We won.&lt;/b&gt;</p>\n<p>Thank you.</p>" in page
    assert client.get("/campaign-1/count.json").json()["end_reason"].startswith("<b>")


def test_closing_twice_keeps_the_moment_and_takes_the_new_reason(client, campaign):
    close(client, campaign)
    campaign.refresh_from_db()
    first = campaign.closed_at

    close(client, campaign, reason="The council decided.")

    campaign.refresh_from_db()
    assert campaign.closed_at == first
    page = look(client, campaign)
    assert "The council decided." in page
    assert WHY not in page


def test_an_end_by_the_calendar_has_no_reason(client, campaign):
    campaign.close("A slip.")
    campaign.closes_at = campaign.closed_at - timedelta(hours=1)
    campaign.save()

    assert "A slip." not in look(client, campaign)


@pytest.mark.parametrize(
    ("closes_at", "said"), [(in_days(9), "Open again"), ("", "Closing day moved")]
)
def test_what_was_closed_is_opened_again(client, campaign, closes_at, said):
    close(client, campaign)
    assert "Open it again" in client.get(ending_of(campaign)).text

    for _twice in range(2):
        client.post(ending_of(campaign), {"closes_at": closes_at, "reopen": ""})

    page = look(client, campaign)
    assert "This petition has ended" not in page
    assert WHY not in page
    assert page.count(f"{said}</h3>") == 1
    campaign.refresh_from_db()
    assert campaign.is_open


@pytest.mark.parametrize(
    ("days", "said"), [(30, "Open again"), (90, "Closing day moved")]
)
def test_it_goes_on_longer_only_if_it_ends_later_than_was_announced(
    client, campaign, days, said
):
    campaign.closes_at = timezone.now() + timedelta(days=30)
    campaign.save()
    campaign.close("A slip.")

    campaign.reopen(campaign.closes_at + timedelta(days=days - 30))

    page = look(client, campaign)
    assert [
        words
        for words in ("Open again", "Closing day moved")
        if f"{words}</h3>" in page
    ] == [said]


def test_it_does_not_close_again_before_it_opens(client, campaign):
    campaign.opens_at = timezone.now() + timedelta(days=20)
    campaign.save()
    close(client, campaign)

    page = client.post(
        ending_of(campaign), {"closes_at": in_days(5), "reopen": ""}, follow=True
    )

    assert page.status_code == 422
    assert "Enter a time after the campaign opens." in page.text


def test_it_is_not_opened_again_until_yesterday(client, campaign):
    close(client, campaign)

    page = client.post(ending_of(campaign), {"closes_at": in_days(-1), "reopen": ""})

    assert page.status_code == 422
    assert "Enter a time in the future." in page.text
    campaign.refresh_from_db()
    assert campaign.has_ended


@pytest.mark.parametrize("ended", ["by hand", "by the calendar"])
def test_a_new_closing_day_opens_it_again(client, campaign, ended):
    if ended == "by hand":
        campaign.close(WHY)
    else:
        campaign.closes_at = timezone.now() - timedelta(days=1)
        campaign.save()

    send(client, page_of(campaign), closes=in_days(90))

    page = look(client, campaign)
    assert "Sign the petition" in page
    assert "Closing day moved" in page


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul"])
def test_saving_something_else_leaves_it_closed(client, campaign, zone):
    campaign.close(WHY)

    send(client, page_of(campaign), title="New words", timezone=zone)

    page = look(client, campaign)
    assert "New words" in page
    assert WHY in page
    assert not campaign.milestones.exists()


def test_who_may_not_change_a_campaign_does_not_close_it(client):
    campaign = make_campaign()
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(ending_of(campaign)).status_code == 403
    assert close(client, campaign).status_code == 403
    campaign.refresh_from_db()
    assert campaign.is_open


def test_readers_see_at_once_that_it_was_closed(
    client, campaign, django_capture_on_commit_callbacks
):
    assert WHY not in client.get("/campaign-1/").text

    with django_capture_on_commit_callbacks(execute=True):
        close(client, campaign)

    assert WHY in client.get("/campaign-1/").text


def test_a_page_in_the_cache_does_not_outlive_the_closing_hour(
    client, campaign, time_machine
):
    campaign.closes_at = timezone.now() + timedelta(minutes=1)
    campaign.save()
    assert "Sign the petition" in client.get("/campaign-1/").text

    time_machine.move_to(campaign.closes_at + timedelta(seconds=11))

    assert "This petition has ended" in client.get("/campaign-1/").text


@pytest.mark.django_db(transaction=True)
def test_it_opens_again_with_all_that_is_told_of_it_or_not_at_all(client, campaign):
    close(client, campaign)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Milestone.objects, "_create", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.post(ending_of(campaign), {"closes_at": "", "reopen": ""})
    campaign.refresh_from_db()
    assert campaign.has_ended

    opened = client.post(ending_of(campaign), {"closes_at": "", "reopen": ""})

    assert opened.status_code == 302
    campaign.refresh_from_db()
    assert campaign.is_open
    assert "Closing day moved</h3>" in look(client, campaign)


def test_a_reader_of_another_language_sees_in_which_the_reason_is(
    client, campaign, settings
):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]
    make_text(campaign, "ko", slug="sijang", title="시장")
    ending = f"{CAMPAIGNS}{campaign.pk}/ending/"
    assert "Write it in English." in client.get(ending).text
    campaign.close(WHY)

    english = client.get(campaign.get_absolute_url()).text
    korean = client.get("/ko/sijang/").text
    form = client.get("/ko/sijang/signatures/").text

    assert f'<p lang="en" dir="auto">{WHY}</p>' not in english
    for page in (korean, form):
        assert f'<p lang="en" dir="auto">{WHY}</p>' in page
    live = client.get("/ko/sijang/count.json").json()
    assert (live["end_reason"], live["end_reason_language"]) == (WHY, "en")
    address.learn()
