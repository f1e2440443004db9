from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import Outcome, OutgoingMail
from tests.answers import subject
from tests.factories import make_petition, sign, write_comment

pytestmark = pytest.mark.django_db


def test_an_address_gets_three_mails_an_hour(mailbox, work):
    petition = make_petition()
    for number in range(5):
        sign(petition, name=f"Ada {number}")

    work()

    assert len(mailbox.messages) == 3


def test_the_page_is_the_same_beyond_the_limit(client, mailbox, work, settings):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    petition = make_petition()
    first, second = [sign(petition, city=city) for city in ("London", "Bath")]
    work()

    pages = [client.get(signature.inbox_url).text for signature in (first, second)]

    for page, signature in zip(pages, (first, second), strict=True):
        assert "Now check your email" in page
        pages[pages.index(page)] = page.replace(signature.inbox_url, "")
    assert pages[0] == pages[1]


def test_the_newest_question_is_mailed_when_the_hour_is_over(mailbox, work, settings):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    petition = make_petition()
    signatures = [sign(petition, name=f"Ada {number}") for number in range(4)]

    work()

    waiting = OutgoingMail.objects.open().get()
    assert waiting.about == signatures[-1].pk
    assert (waiting.due_at.minute, waiting.tries) == (0, 0)


def test_a_double_click_waits_for_its_one_question(mailbox, work, settings):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    petition = make_petition()
    sign(petition, name="Of a stranger", email="ada@mail.example")
    work()
    twice = [sign(petition, email="ada@mail.example") for _ in range(2)]

    work()

    waiting = OutgoingMail.objects.open().get()
    assert waiting.about in {signature.pk for signature in twice}


def test_a_couple_that_shares_a_mailbox_gets_both_mails(mailbox, work):
    petition = make_petition()
    sign(petition, name="Ada")
    sign(petition, name="Bo")

    work()

    assert len(mailbox.messages) == 2


def ask_again(signature, work):
    """Ask for the mail once more; whether it left."""
    signature.mail_question_later()
    work()
    mail = OutgoingMail.objects.latest("pk")
    was_sent = mail.outcome == Outcome.SENT
    OutgoingMail.objects.open().delete()
    return was_sent


def test_a_mail_that_the_relay_did_not_take_is_none_of_the_three(
    mailbox, work, settings
):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    signature = sign(make_petition())
    mailbox.refuse("ada@mail.example", "550 no")
    assert not ask_again(signature, work)
    mailbox.clear()

    assert ask_again(signature, work)
    assert not ask_again(signature, work)
    assert len(mailbox.messages) == 1


def test_ten_mails_a_day_are_enough(mailbox, work, settings):
    settings.LIMIT_MAILS_TO_ADDRESS = 100
    signature = sign(make_petition())
    assert all(ask_again(signature, work) for _ in range(10))

    signature.mail_question_later()
    work()

    assert OutgoingMail.objects.open().get().due_at.hour == 0
    assert len(mailbox.messages) == 10


def test_all_kinds_count_together_and_the_next_comes_by_itself(
    client, mailbox, work, settings, time_machine
):
    settings.LIMIT_MAILS_TO_ADDRESS = 1
    signature = sign(make_petition())
    work()
    comment = write_comment(signature.campaign, wants_news=True)
    work()
    assert len(mailbox.messages) == 1
    for act in (signature, comment):
        page = client.get(act.inbox_url).text
        assert "at most 1 of these emails an hour to one address." in page
        assert (
            "If you have asked more often, just wait: the next one usually comes "
            "within an hour." in page
        )

    time_machine.move_to(timezone.now() + timedelta(hours=1))
    work()

    assert subject(mailbox.last()) == "Is this your comment?"


def test_the_page_names_the_mail_of_those_who_signed_before_to_everybody(
    client, mailbox, work
):
    petition = make_petition()
    first = sign(petition)
    page = client.get(first.inbox_url).text
    first.confirm()
    again = sign(petition)
    work()

    assert mailbox.last()["Subject"] == "You have signed already"
    for shown in (page, client.get(again.inbox_url).text):
        assert "<dt>Subject, if you did this before</dt>" in shown
        assert "<dd>You have signed already</dd>" in shown
