"""Bo looks at an update's mail, sends it, and sees what becomes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign, Update
from supporters.follow.tasks import sweep_mailings
from supporters.models import Follow, Mailing
from tests.factories import follow, make_campaign, make_follow, make_staff, make_update
from tests.staff.forms import decide

pytestmark = pytest.mark.django_db
MAILINGS = "/admin/supporters/mailing/"


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@letters.example")
    client.force_login(bo)
    return bo


@pytest.fixture
def update(settings):
    settings.MAILS_A_MINUTE = 10**6
    campaign = make_campaign()
    make_follow(campaign, "ada@mail.example")
    make_follow(campaign, "di@mail.example", frequency="weekly")
    make_follow(None, "ada@mail.example", frequency="daily")
    return make_update(campaign)


def test_the_number_is_shown_before_anything_is_sent(client, bo, update):
    page = client.get(f"{MAILINGS}update/{update.pk}/").text

    assert "2 followers get it." in page
    assert "Right away: 1. Next morning: 1. Next Monday: 1." in page
    assert "Send to 2 followers" in page
    assert not Mailing.objects.exists()


def test_the_mail_is_shown_as_it_will_be_and_locked_in(client, bo, update):
    page = client.get(f"{MAILINGS}update/{update.pk}/")
    frame = client.get(f"{MAILINGS}update/{update.pk}/html/")

    assert 'sandbox="allow-same-origin" title="The email with formatting"' in page.text
    # The text stands as it is mailed, with its empty lines and no others.
    assert "\n\nShe says yes.\n\nRead it on the page:\n" in page.text
    assert "She says yes." in frame.text
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self'" in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_a_test_goes_to_who_asks_and_to_nobody_else(client, bo, update, mailbox, work):
    work()
    mailbox.clear()

    client.post(f"{MAILINGS}update/{update.pk}/test/")
    work()

    assert [message["To"] for message in mailbox.messages] == ["bo@letters.example"]
    assert mailbox.last()["Subject"] == "The Mayor answers"
    assert not Mailing.objects.exists()


def test_it_is_sent_watched_paused_and_resumed(client, bo, update, mailbox, work):
    work()
    mailbox.clear()
    client.get(f"{MAILINGS}update/{update.pk}/send/")
    assert not Mailing.objects.exists()

    client.post(f"{MAILINGS}update/{update.pk}/send/")
    client.post(f"{MAILINGS}update/{update.pk}/send/")
    mailing = Mailing.objects.get()
    assert mailing.asked_by == bo
    client.post(f"{MAILINGS}{mailing.pk}/pause/")
    work()
    assert mailbox.messages == []
    page = client.get(f"{MAILINGS}{mailing.pk}/change/").text
    assert "Done: 0 of 2" in page
    assert "Paused since" in page

    client.post(f"{MAILINGS}{mailing.pk}/pause/", {"resume": ""})
    work()

    page = client.get(f"{MAILINGS}{mailing.pk}/change/").text
    assert "Done: 1 of 2" in page
    assert "Handed to our mail service</th><td>1</td>" in page
    assert [message["To"] for message in mailbox.messages] == ["ada@mail.example"]


def test_whoever_sends_it_is_not_mailed_and_other_staff_who_follow_are(
    client, bo, update, mailbox, work
):
    """In any spelling of her address, with any follow, also when she sends twice."""
    di = make_staff("di", "Campaigners", email="di@letters.example")
    for campaign in (update.campaign, None):
        for email in (bo.email, "bo+news@letters.example", di.email):
            make_follow(campaign, email)
    work()
    mailbox.clear()
    page = client.get(f"{MAILINGS}update/{update.pk}/").text

    for _twice in range(2):
        client.post(f"{MAILINGS}update/{update.pk}/send/")
        work()

    assert "Send to 3 followers" in page
    assert Mailing.objects.get().followers == 3
    sent = sorted(message["To"] for message in mailbox.messages)
    assert sent == ["ada@mail.example", di.email]


def take_back(update, published_at=None):
    campaign = Campaign.objects.get(pk=update.campaign_id)
    campaign.published_at = published_at
    campaign.save()


def test_an_update_of_a_campaign_that_was_taken_back_is_not_sent(client, bo, update):
    take_back(update)

    page = client.post(f"{MAILINGS}update/{update.pk}/send/", follow=True).text

    assert "Readers cannot see the campaign now. Publish it first." in page
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("is_queued", [False, True])
@pytest.mark.usefixtures("bo")
def test_what_was_asked_for_before_waits_for_the_campaign_and_for_somebody(
    client, update, mailbox, work, is_queued
):
    work()
    mailbox.clear()
    client.post(f"{MAILINGS}update/{update.pk}/send/")
    mailing = Mailing.objects.get()
    page = f"{MAILINGS}{mailing.pk}/"
    if is_queued:
        mailing.queue()
    take_back(update)

    work()
    before = client.get(f"{page}change/").text
    refused = client.post(f"{page}pause/", {"resume": ""}, follow=True).text
    work()
    assert mailbox.messages == []

    take_back(update, published_at=timezone.now())
    work()
    assert mailbox.messages == []
    client.post(f"{page}pause/", {"resume": ""})
    sweep_mailings.func(timestamp=0)
    work()

    assert "Paused since" in before
    assert "Readers cannot see the campaign now. Publish it first." in before
    assert "Readers cannot see the campaign now. Publish it first." in refused
    assert [message["To"] for message in mailbox.messages] == ["ada@mail.example"]


def test_whoever_resumes_what_had_no_sender_any_more_answers_for_it(
    client, bo, update, mailbox, work
):
    work()
    mailbox.clear()
    gone = make_staff("gone", "Campaigners")
    soon = timezone.now() + timedelta(hours=1)
    later = make_update(update.campaign, publish_at=soon, published_at=None)
    mailing = Mailing.objects.send(later, by=gone)
    gone.groups.clear()
    Update.objects.filter(pk=later.pk).update(published_at=timezone.now())

    sweep_mailings.func(timestamp=0)
    work()
    page = client.get(f"{MAILINGS}{mailing.pk}/change/").text
    assert mailbox.messages == []
    client.post(f"{MAILINGS}{mailing.pk}/pause/", {"resume": ""})
    sweep_mailings.func(timestamp=0)
    work()

    assert "The person who asked for it may no longer send it." in page
    assert [message["To"] for message in mailbox.messages] == ["ada@mail.example"]
    mailing.refresh_from_db()
    assert mailing.asked_by == bo


def test_a_draft_is_not_sent_and_a_scheduled_one_waits(client, bo, update):
    draft = make_update(update.campaign, publish_at=None, published_at=None)
    tomorrow = timezone.now() + timedelta(days=1)
    later = make_update(update.campaign, publish_at=tomorrow, published_at=None)

    client.post(f"{MAILINGS}update/{draft.pk}/send/")
    page = client.post(f"{MAILINGS}update/{later.pk}/send/", follow=True).text

    assert [mailing.update for mailing in Mailing.objects.all()] == [later]
    assert "The emails start when the update is published" in page


@pytest.mark.parametrize("end", ["send/", "test/"])
def test_moderators_send_nothing(client, update, end):
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(f"{MAILINGS}update/{update.pk}/").status_code == 403
    assert client.post(f"{MAILINGS}update/{update.pk}/{end}").status_code == 403
    assert not Mailing.objects.exists()


def test_a_moderator_releases_a_held_follow(client, mailbox, work):
    held = follow(make_campaign(), held_for="flood")
    client.force_login(make_staff("cy", "Moderators"))

    said = decide(client, "/admin/supporters/follow/", "release", held)
    work()

    assert "1 released." in said.text
    assert [message["To"] for message in mailbox.messages] == ["ada@mail.example"]
    assert not Follow.objects.held().exists()
