"""Who gives another address on the inbox page: which mail comes, and which one ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_letter, make_petition
from tests.hostile.test_mailed_keys import ACTS, NEW, OLD
from tests.supporters.test_another_address import MODELS, post, post_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    """A browser on our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture(params=ACTS)
def kind(request):
    make_letter(make_petition().campaign)
    return request.param


def test_another_spelling_of_the_mailbox_is_asked_anew(client, mailbox, work):
    make_petition()
    inbox = post(client, "signature", "ada@gmail.com")
    work()
    old_code = {"code": mailbox.code()}

    new = post_again(client, inbox, "a.da@gmail.com")["Location"].partition("?")[0]
    work()

    assert [mail["To"] for mail in mailbox.messages][1:] == ["a.da@gmail.com"]
    assert client.post(f"{new}code/", old_code).status_code == 422
    assert client.post(f"{new}code/", {"code": mailbox.code()}).status_code == 302


def test_nobody_ends_the_mail_about_what_somebody_else_posted(
    client, kind, mailbox, work
):
    """Who knows what Olga will post posts it first, lets her be asked by that mail, and
    takes it away with another address."""
    other = Client(headers={"sec-fetch-site": "same-origin"})
    taken_away = post(other, kind)
    work()
    inbox = post(client, kind)
    work()
    assert len(mailbox.messages) == 1
    mailbox.clear()

    post_again(other, taken_away)
    work()

    to = [mail["To"] for mail in mailbox.messages]
    assert sorted(to) == [NEW, OLD]
    mailbox.messages = [mail for mail in mailbox.messages if mail["To"] == OLD]
    answer = client.post(f"{inbox}code/", {"code": mailbox.code()})
    assert answer.status_code == 302
    confirmed = MODELS[kind].objects.exclude(confirmation__used_at=None)
    assert [act.confirmation.email for act in confirmed] == [OLD]
    used = client.post(mailbox.path_to("confirmation"))
    assert used.status_code == 200
    assert "Yes, " not in used.text


def test_a_mail_that_stands_speaks_on_for_what_says_the_same(
    client, kind, mailbox, work, time_machine
):
    _asked, second, _third = (post(client, kind) for _ in range(3))
    work()
    time_machine.move_to(timezone.now() + timedelta(minutes=11))

    post_again(client, second)
    work()

    assert [mail["To"] for mail in mailbox.messages] == [OLD, NEW]


def test_what_said_the_same_is_asked_anew_by_one_mail(
    client, kind, mailbox, work, time_machine
):
    asked, *_others = (post(client, kind) for _ in range(3))
    work()
    time_machine.move_to(timezone.now() + timedelta(minutes=11))

    post_again(client, asked)
    work()

    assert sorted(mail["To"] for mail in mailbox.messages) == [NEW, OLD, OLD]


def test_who_presses_for_the_mail_gets_it_whatever_was_mailed_before(
    client, kind, mailbox, work
):
    post(client, kind)
    inbox = post(client, kind)
    work()
    assert len(mailbox.messages) == 1

    post_again(client, inbox, OLD)
    work()

    assert [mail["To"] for mail in mailbox.messages] == [OLD, OLD]
    code = client.post(f"{inbox}code/", {"code": mailbox.code()})
    assert code.status_code == 302


def test_a_tab_that_is_opened_again_after_a_wrong_code_shows_the_inbox(client, kind):
    inbox = post(client, kind)

    for form in ("code", "mail"):
        opened = client.get(f"{inbox}{form}/", follow=True)
        assert opened.redirect_chain == [(inbox, 302)]


def test_who_is_asked_by_a_mail_of_their_own_is_asked_once(client, kind, mailbox, work):
    post(client, kind)
    inbox = post(client, kind)
    work()

    post_again(client, inbox)
    work()

    assert [mail["To"] for mail in mailbox.messages] == [OLD, NEW]
