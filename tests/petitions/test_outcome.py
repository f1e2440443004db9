"""Whoever asked to hear how it ended hears it once, and can sign what comes next."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from outbox.dispatcher import work_through
from outbox.models import OutgoingMail
from petitions.models import Petition, Signature
from supporters.follow.audience import audience
from supporters.models import Consent, Follow, Mailing, UpdateForFollower
from tests.factories import (
    ADA,
    make_ended_campaign,
    make_follow,
    make_petition,
    make_update,
)

pytestmark = pytest.mark.django_db
FORM = {**ADA, "shown_as": "full"}


@pytest.fixture
def signed(client, mailbox, work):
    """A petition, signed by Ada, who asked to hear what came of it."""
    petition = make_petition()
    client.post("/campaign-1/signatures/", {**FORM, "hears_outcome": "on"})
    work()
    client.post(mailbox.path_to("confirmation"))
    mailbox.clear()
    return petition


def send(update):
    mailing = Mailing.objects.send(update, by=None)
    mailing.queue()
    work_through()


def test_one_message_comes_and_it_is_the_outcome(signed, mailbox):
    campaign = signed.campaign
    news = make_update(campaign, title="We are 1,000")
    assert audience(news)["total"] == 0
    send(news)
    assert mailbox.messages == []

    send(make_update(campaign, title="The city says yes", is_outcome=True))
    again = make_update(campaign, title="And once more", is_outcome=True)
    assert audience(again)["total"] == 0
    send(again)

    assert [mail["Subject"] for mail in mailbox.messages] == ["The city says yes"]
    assert "How often we write to you: once, when it has ended." in mailbox.text()
    assert mailbox.last()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_wants_only_the_outcome_by_the_time_two_leave_gets_the_first(
    client, mailbox, time_machine
):
    time_machine.move_to(datetime(2026, 11, 25, 15, tzinfo=UTC), tick=False)
    campaign = make_petition().campaign
    make_follow(campaign, frequency="daily")
    OutgoingMail.objects.all().delete()  # the question
    send(make_update(campaign, title="The city says yes", is_outcome=True))
    send(make_update(campaign, title="And once more", is_outcome=True))
    Follow.objects.update(only_outcome=True)

    time_machine.move_to(datetime(2026, 11, 26, 7, tzinfo=UTC), tick=False)
    work_through()

    assert [mail["Subject"] for mail in mailbox.messages] == ["The city says yes"]


def test_what_was_agreed_to_is_kept_in_its_words(signed):
    consent = Consent.objects.get(kind="follow")

    assert consent.words == "Send me one email with the result of the petition"
    Follow.objects.get().stop()
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_nothing_begins_before_the_signature_is_confirmed(client):
    make_petition()

    client.post("/campaign-1/signatures/", {**FORM, "hears_outcome": "on"})

    assert not Follow.objects.active().exists()


def test_whoever_follows_already_gets_it_once(client, mailbox, work):
    petition = make_petition()
    make_follow(petition.campaign)
    client.post("/campaign-1/signatures/", {**FORM, "hears_outcome": "on"})
    work()
    client.post(mailbox.path_to("confirmation"))
    mailbox.clear()

    send(make_update(petition.campaign, is_outcome=True))

    assert len(mailbox.messages) == Follow.objects.active().count() == 1


@pytest.fixture
def next_path(signed, mailbox):
    """Where the mail about the outcome leads: another petition to sign."""
    following = make_petition(ask="I ask the next council, too.")
    send(make_update(signed.campaign, is_outcome=True, follow_up=following.campaign))
    return mailbox.path_to(r"signatures/next/[\w.-]+")


def test_the_mails_link_shows_a_form_filled_in_and_changes_nothing(client, next_path):
    page = client.get(next_path)

    assert page.status_code == 200
    assert "I ask the next council, too." in page.text
    assert 'value="Ada Lovelace"' in page.text
    assert "ada@mail.example" in page.text
    assert Signature.objects.count() == 1


def test_one_press_signs_with_a_consent_of_its_own(client, next_path, work, mailbox):
    mailbox.clear()

    answer = client.post(
        next_path, {"name": "Ada Lovelace", "city": "London", "country": "GB"}
    )

    signature = Signature.objects.latest("pk")
    assert answer.status_code == 302
    assert signature.counted
    assert signature.petition.standing.count == 1
    words = Consent.objects.filter(confirmation=signature.confirmation).get().words
    assert words.startswith("I ask the next council, too.")
    work()
    assert mailbox.messages == []
    assert not answer.cookies
    assert "You signed" in client.get(answer.url).text


def test_the_link_signs_nothing_else_and_not_for_ever(client, next_path, time_machine):
    other = make_petition()
    elsewhere = next_path.replace("campaign-2", other.campaign.slug)
    assert client.get(elsewhere).status_code == 410
    assert client.post(f"{next_path[:-9]}unknown/", FORM).status_code == 410

    time_machine.move_to(timezone.now() + timedelta(days=61))
    assert client.get(next_path).status_code == 410
    assert Signature.objects.count() == 1


def test_bad_input_is_named_and_kept(client, next_path):
    page = client.post(next_path, {"name": "", "city": "Berlin", "country": "DE"})

    assert page.status_code == 422
    assert "Enter your full name." in page.text
    assert 'value="Berlin"' in page.text


def test_an_ended_petition_says_so_to_a_link_that_no_longer_works(client, next_path):
    dead = re.sub(r"next/.*", "next/jlbNIYWgbl7XGpMbIrd1gQ/", next_path)
    Follow.objects.all().delete()
    assert "This link no longer works" in client.get(dead).text
    Petition.objects.get(campaign__slug=dead.split("/")[1]).campaign.close("It is won.")

    page = client.get(dead)

    assert page.status_code == 410
    assert "<h1>This petition has ended</h1>" in page.text
    assert "You can sign" not in page.text


def test_a_campaign_that_has_ended_is_not_proposed(signed, mailbox):
    ended = make_petition(make_ended_campaign()).campaign
    send(make_update(signed.campaign, is_outcome=True, follow_up=ended))

    assert "signatures/next" not in mailbox.text()
    assert UpdateForFollower.objects.count() == 1
