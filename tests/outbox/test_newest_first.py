"""Mails that were held back do not keep those waiting who are at a form now."""

from datetime import timedelta

import pytest

from outbox.models import OutgoingMail
from tests.factories import make_petition, make_staff, sign

pytestmark = pytest.mark.django_db
TEN_O_CLOCK = "2026-03-02T10:00:20Z"


def asked(mailbox):
    return [mail["To"].partition("@")[0] for mail in mailbox.messages]


def sign_as(petition, *names):
    for name in names:
        sign(petition, email=f"{name}@mail.example")


def test_over_the_rate_those_of_the_last_minute_go_first(
    mailbox, work, settings, time_machine
):
    settings.WAITED_MAILS_A_MINUTE = 2
    time_machine.move_to(TEN_O_CLOCK)
    petition = make_petition()
    sign_as(petition, "a", "b", "c", "d")
    work()
    assert asked(mailbox) == ["a", "b"]
    time_machine.shift(timedelta(seconds=20))
    sign_as(petition, "e")

    time_machine.shift(timedelta(minutes=3))
    sign_as(petition, "new", "newer")
    work()
    time_machine.shift(timedelta(minutes=1))
    work()

    assert asked(mailbox)[2:] == ["new", "newer", "c", "d"]


def test_when_a_mailbox_had_enough_for_an_hour(mailbox, work, settings, time_machine):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    time_machine.move_to(TEN_O_CLOCK)
    before = [make_petition() for _ in range(3)]
    for petition in before:
        sign(petition)
    work()
    assert len(mailbox.messages) == 1
    mailbox.clear()
    time_machine.move_to("2026-03-02T11:00:20Z")

    now = make_petition()
    sign(now)
    work()

    assert f"/{now.campaign.slug}/" in mailbox.text()
    assert OutgoingMail.objects.open().count() == 2


def test_of_what_nobody_waits_for_the_oldest_goes_first(mailbox, work, time_machine):
    time_machine.move_to(TEN_O_CLOCK)
    petition = make_petition()
    for name in ("first", "second"):
        sign(petition, email=f"{name}@mail.example", held_for="word")
        work()
    for name in ("first", "second"):
        held = petition.signatures.filter(confirmation__supporter__email__contains=name)
        time_machine.shift(timedelta(minutes=5))
        held.release(make_staff(name))
    time_machine.shift(timedelta(minutes=5))

    work()

    assert asked(mailbox) == ["first", "second"]


def test_who_asks_for_the_mail_again_is_at_a_form_now(
    client, mailbox, work, settings, time_machine
):
    settings.WAITED_MAILS_A_MINUTE = 2
    time_machine.move_to(TEN_O_CLOCK)
    petition = make_petition()
    sign_as(petition, "a", "b")
    work()
    waiting = sign(petition, email="patient@mail.example")
    time_machine.shift(timedelta(seconds=20))
    sign_as(petition, "c", "d", "e")
    time_machine.shift(timedelta(minutes=3))

    client.post(f"{waiting.inbox_url}mail/", {"email": "patient@mail.example"})
    work()

    assert asked(mailbox)[2:] == ["patient", "c"]
