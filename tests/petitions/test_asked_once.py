"""Posts of one signature are one question to its owner, and others their own."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from petitions.models import Signature
from tests.concurrency import at_once
from tests.factories import make_petition, make_staff, reject, sign

pytestmark = pytest.mark.django_db
SIGN = "/campaign-1/signatures/"


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_at_once_are_one_mail(mailbox, work):
    petition = make_petition()

    at_once([lambda: sign(petition) for _ in range(20)])
    work()

    assert Signature.objects.count() == 20
    assert len({signature.inbox_url for signature in Signature.objects.all()}) == 20
    assert len(mailbox.messages) == 1


def test_the_code_of_the_mail_is_good_on_each_of_their_pages(client, mailbox, work):
    petition = make_petition()
    signatures = [sign(petition) for _ in range(3)]
    work()

    client.post(f"{signatures[2].inbox_url}code/", {"code": mailbox.code()})

    assert Signature.objects.counted().get() == signatures[2]


def test_but_not_on_that_of_one_that_was_rejected(client, mailbox, work):
    petition = make_petition()
    sign(petition)
    rejected = sign(petition, held_for="flood")
    work()
    reject(rejected, make_staff("cy"))

    answer = client.post(f"{rejected.inbox_url}code/", {"code": mailbox.code()})

    assert answer.status_code == 410  # its page says that it was rejected
    assert not Signature.objects.confirmed().exists()


def test_on_that_of_one_that_waits_it_confirms_the_one_that_was_asked_about(
    client, mailbox, work
):
    petition = make_petition()
    asked = sign(petition)
    held = sign(petition, held_for="flood")
    work()

    answer = client.post(f"{held.inbox_url}code/", {"code": mailbox.code()})

    assert answer.url == asked.done_url
    assert Signature.objects.counted().get() == asked
    held.refresh_from_db()
    assert (held.is_held, held.confirmed_at) == (True, None)


def test_a_spelling_of_the_mailbox_is_the_same_mailbox(mailbox, work):
    petition = make_petition()
    for email in ("ada.l@gmail.com", "adal+x@gmail.com"):
        sign(petition, email=email)

    work()

    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Bo Lovelace"},
        {"city": "Bath"},
        {"shown_as": "no"},
        {"hears_outcome": True},
        {"language": "fr"},
    ],
)
def test_what_says_something_else_is_asked_about_by_itself(mailbox, work, other):
    petition = make_petition()
    sign(petition)
    second = sign(petition, **other)

    work()

    assert len(mailbox.messages) == 2
    asked = [message.as_string() for message in mailbox.messages]
    assert second.confirmation.link_key in asked[1].replace("=\n", "")


def test_another_petition_asks_for_itself(mailbox, work):
    for petition in (make_petition(), make_petition()):
        sign(petition)

    work()

    assert len(mailbox.messages) == 2


def test_after_ten_minutes_it_is_asked_again(mailbox, work):
    petition = make_petition()
    first = sign(petition)
    work()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        first.mail_question_later()
        work()
    assert len(mailbox.messages) == 2


@pytest.mark.parametrize("minutes", [0, 11])
def test_who_asks_for_the_mail_again_gets_it(client, mailbox, work, minutes):
    petition = make_petition()
    _first, second = sign(petition), sign(petition)
    work()
    assert len(mailbox.messages) == 1

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        email = second.confirmation.email
        client.post(f"{second.inbox_url}mail/", {"email": email})
        work()

    assert len(mailbox.messages) == 2
    assert second.confirmation.link_key in mailbox.path_to("confirmation")
