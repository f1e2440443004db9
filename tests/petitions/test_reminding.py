"""Who has not confirmed a day after the mail is asked once more, and never twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.dispatcher import work_through
from outbox.models import OutgoingMail, Reason, Suppression
from petitions.models import Invalidation
from safeguards.blocks import Block
from supporters.acts.mails import QUESTIONS
from supporters.models import Confirmation
from tests.answers import subject
from tests.concurrency import at_once
from tests.factories import make_campaign, make_petition, sign

A_DAY_AND_AN_HOUR = timedelta(hours=25)


def mailed(petition, name, ago=A_DAY_AND_AN_HOUR, **fields):
    """A signature whose mail was handed over some time ago."""
    signature = sign(petition, name=name, email=f"{name}@mail.example", **fields)
    mailed = Confirmation.objects.filter(pk=signature.confirmation_id)
    mailed.update(sent_at=timezone.now() - ago, issue=1)
    return signature


@pytest.fixture
def quiet(db):
    """An outbox without the first mails, of which the signatures say that they left."""

    def quiet():
        OutgoingMail.objects.all().delete()

    return quiet


def test_one_reminder_comes_a_day_later_and_its_button_confirms(
    client, mailbox, work, quiet, time_machine
):
    signature = mailed(make_petition(), "ada")
    early = mailed(signature.petition, "early", ago=timedelta(hours=23))
    quiet()

    work()
    work()

    [message] = mailbox.messages
    assert (message["To"], subject(message)) == (
        "ada@mail.example",
        "Your name is not counted yet",
    )
    words = " ".join(mailbox.text().split())
    assert "I ask the council to help." in words
    assert (
        "If you do not confirm within 7 days, we will delete your signature." in words
    )
    assert "We do not remind you again" in words
    assert OutgoingMail.objects.get().title == "Your name is not counted yet"
    signature.refresh_from_db()
    assert signature.reminded_at is not None
    assert mailbox.code() == signature.confirmation.code
    client.post(mailbox.path_to("confirmation"))
    assert signature.petition.standing.count == 1
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    work()
    [thanks] = [m for m in mailbox.messages if "Thank you" in m["Subject"]]
    mailbox.messages.remove(thanks)
    assert [m["To"] for m in mailbox.messages[1:]] == ["early@mail.example"]
    early.refresh_from_db()
    assert early.reminded_at is not None


def test_who_is_not_to_be_reminded_is_not(mailbox, work, quiet, settings):
    petition = make_petition()
    mailed(petition, "held", held_for="flood")
    mailed(petition, "withdrawn").withdraw()
    mailed(petition, "too-late", ago=timedelta(days=7, minutes=1))
    mailed(petition, "confirmed").confirm()
    mailed(petition, "confirmed", city="Elsewhere")  # the same address once more
    mailed(petition, "twice")
    newest = mailed(petition, "twice")
    mailed(petition, "blocked")
    Block.objects.create(kind="address", value="blocked@mail.example")
    at_domain = sign(petition, email="x@sub.bad.example")
    Confirmation.objects.filter(pk=at_domain.confirmation_id).update(
        sent_at=timezone.now() - A_DAY_AND_AN_HOUR
    )
    Block.objects.create(kind="address", value="bad.example")
    for name, reason in (("bounced", Reason.BOUNCED), ("spam", Reason.COMPLAINED)):
        email = mailed(petition, name).confirmation.email
        Suppression.objects.put(email, reason)
    invalid = mailed(petition, "invalid")
    Invalidation.start(
        petition,
        petition.signatures.filter(pk=invalid.pk),
        by=None,
        reason="Made up.",
        found_by="",
    ).go_on()
    mailed(petition, "erased").confirmation.supporter.erase()
    closed = make_petition(make_campaign())
    mailed(closed, "closed")
    closed.campaign.close()
    quiet()
    settings.REMIND_AFTER_HOURS = 0
    work()
    assert mailbox.messages == []
    settings.REMIND_AFTER_HOURS = 24

    work()

    assert [m["To"] for m in mailbox.messages] == ["twice@mail.example"]
    newest.refresh_from_db()
    assert newest.reminded_at is not None
    work()
    assert len(mailbox.messages) == 1


def test_a_question_that_was_refused_is_not_asked_again(mailbox, work, time_machine):
    sign(make_petition(), email="ada@mail.example")
    mailbox.refuse("ada@mail.example", "554 5.7.1 Not wanted")
    work()
    mailbox.answers.clear()
    time_machine.move_to(timezone.now() + A_DAY_AND_AN_HOUR)

    work()

    assert mailbox.messages == []


def test_a_question_that_came_back_for_now_is_not_asked_again(
    mailbox, work, time_machine
):
    """A full mailbox keeps out no later mail, but a reminder has no place there."""
    petition = make_petition()
    for name in ("full", "there"):
        sign(petition, name=name, email=f"{name}@mail.example")
    work()
    full = OutgoingMail.objects.filter(email="full@mail.example")
    assert full.update(bounced_at=timezone.now()) == 1
    mailbox.clear()
    time_machine.move_to(timezone.now() + A_DAY_AND_AN_HOUR)

    work()

    assert [message["To"] for message in mailbox.messages] == ["there@mail.example"]
    assert not Suppression.objects.exists()


def test_a_relay_that_says_not_now_is_asked_again_and_then_once(
    mailbox, work, quiet, time_machine
):
    mailed(make_petition(), "ada")
    quiet()
    mailbox.refuse("ada@mail.example", "451 4.7.1 Try again later")
    work()
    mailbox.answers.clear()
    work()
    assert mailbox.messages == []  # it has its wait

    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    work()
    work()

    assert len(mailbox.messages) == 1


def test_who_has_had_enough_mails_of_an_hour_is_reminded_in_the_next(
    mailbox, work, quiet, settings, time_machine
):
    time_machine.move_to(timezone.now().replace(minute=5) + timedelta(hours=1))
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    mailed(make_petition(), "ada")
    quiet()
    with QUESTIONS.one_for("ada+other@mail.example"):
        pass  # another question has left

    work()

    assert mailbox.messages == []
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work()
    assert len(mailbox.messages) == 1


def test_when_a_minute_has_had_its_mails_the_others_wait_for_the_next(
    mailbox, work, quiet, settings, time_machine
):
    time_machine.move_to(timezone.now().replace(second=5) + timedelta(hours=1))
    settings.MAILS_A_MINUTE = 1
    petition = make_petition()
    for name in ("ada", "bo"):
        mailed(petition, name)
    quiet()

    work()

    assert len(mailbox.messages) == 1
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    work()
    assert len(mailbox.messages) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_remind_once(mailbox):
    petition = make_petition()
    for n in range(5):
        mailed(petition, f"person{n}")
    OutgoingMail.objects.all().delete()

    at_once([work_through] * 4)

    assert sorted(m["To"] for m in mailbox.messages) == [
        f"person{n}@mail.example" for n in range(5)
    ]
