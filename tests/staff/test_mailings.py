"""Bo looks at an update's mail, sends it, and sees what becomes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

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


def test_staff_who_follow_get_it_once_as_followers(client, bo, update, mailbox, work):
    make_follow(update.campaign, bo.email)
    make_follow(None, bo.email)
    work()
    mailbox.clear()

    client.post(f"{MAILINGS}update/{update.pk}/send/")
    work()

    assert [m["To"] for m in mailbox.messages].count(bo.email) == 1


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


def test_who_sends_an_update_and_follows_gets_it_once(
    client, bo, update, mailbox, work
):
    """Also with a follow of all campaigns, and when the button is pressed twice."""
    make_follow(update.campaign, bo.email)
    make_follow(None, bo.email)
    work()
    mailbox.clear()

    for _twice in range(2):
        client.post(f"{MAILINGS}update/{update.pk}/send/")
        work()

    sent = [message for message in mailbox.messages if message["To"] == bo.email]
    assert [message["Subject"] for message in sent] == ["The Mayor answers"]
