"""Whose comments show at once: those of a writer who was approved before."""

import pytest

from comments.models import Comment
from supporters.models import Supporter
from tests.comments.test_writing import PATH, TYPED, known_writer, post
from tests.factories import (
    make_campaign,
    write_comment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign()


def test_a_typed_address_proves_nothing(client, stranger, campaign, mailbox):
    known_writer(campaign, client)

    stranger.post(PATH, TYPED, headers={"sec-fetch-site": "same-origin"})

    assert Comment.objects.latest("pk").is_waiting


def test_who_is_known_is_shown_at_once(client, campaign, mailbox):
    known_writer(campaign, client)

    page = client.get(post(client, text="My second one.")["Location"])

    comment = Comment.objects.latest("pk")
    assert comment.is_shown
    assert comment.first_decided_at is None
    assert "Thank you. Your comment is on the page." in page.text
    assert "My second one." in client.get("/campaign-1/").text


@pytest.mark.parametrize(
    ("name", "is_shown"),
    [
        ("Mayor Kim Dong-geun", False),
        ("Adа L.", False),  # the second "а" is Cyrillic
        ("ada  l", True),
    ],
)
def test_an_approval_is_for_one_name(client, campaign, mailbox, name, is_shown):
    known_writer(campaign, client)

    post(client, name=name, text="My second one.")

    assert Comment.objects.filter(text="My second one.").exists()
    assert ("My second one." in client.get("/campaign-1/").text) == is_shown


@pytest.mark.parametrize(
    ("email", "is_shown"),
    [
        ("a.da@gmail.com", True),  # Gmail says that this is one mailbox
        ("ada+two@gmail.com", True),
        ("ada@gmx.example", False),
    ],
)
def test_an_approval_is_for_one_mailbox(client, campaign, mailbox, email, is_shown):
    first = write_comment(campaign, email="ada@gmail.com", name="Ada L.", proven=None)
    first.confirm()
    first.moderated_by(None).show()
    other = Supporter.objects.with_address(email)

    comment = write_comment(
        campaign, "My second one.", email=email, name="Ada L.", proven=other
    )

    assert comment.is_shown == is_shown


def test_an_approval_of_a_comment_that_nobody_confirmed_vouches_for_nobody(
    client, campaign, mailbox
):
    write_comment(campaign, "Of a stranger.", name="Ada L.").moderated_by(None).show()
    ada = Supporter.objects.with_address("ada@mail.example")

    comment = write_comment(campaign, "Hers.", name="Ada L.", proven=ada)

    assert comment.is_waiting


def test_an_approval_does_not_move_on_to_another_address(
    client, campaign, mailbox, work
):
    inbox = post(client)["Location"]
    Comment.objects.get().moderated_by(None).show()
    client.post(f"{inbox}mail/", {"email": "eve@mail.example"})
    work()
    client.post(mailbox.path_to("confirmation"))
    first, moved = Comment.objects.order_by("pk")
    assert first.state == "removed"
    assert moved.is_waiting
    assert moved.confirmation.used_at

    post(client, email="eve@mail.example", text="My second one.")

    assert Comment.objects.latest("pk").is_waiting


def test_a_cookie_alone_shows_nothing(client, campaign, mailbox):
    known_writer(campaign, client).moderated_by(None).hide("hate")

    post(client, text="My second one.")
    post(client, text="Another one.", email="bo@mail.example")

    assert Comment.objects.waiting().count() == 2


def test_what_was_shown_at_once_does_not_make_one_known(client, campaign, mailbox):
    first = known_writer(campaign, client)
    post(client, text="My second one.")
    first.moderated_by(None).hide("spam")

    post(client, text="My third one.")

    assert Comment.objects.latest("pk").is_waiting
