"""Letters and comments are asked about like signatures; an old mail says it is old."""

import pytest

from comments.models import Comment
from letters.models import Letter
from tests.factories import make_campaign, make_letter

pytestmark = pytest.mark.django_db


def test_the_old_link_of_a_letter_says_that_the_address_was_changed(
    client, mailbox, work
):
    suggested = make_letter()
    typed = {
        "name": "Ada Lovelace",
        "subject": suggested.subject,
        "body": suggested.body,
        "email": "ada@mail.example",
        "send": "",
    }
    inbox = client.post("/campaign-1/letter/", typed).url
    work()
    old_link = mailbox.path_to("confirmation")

    client.post(f"{inbox}mail/", {"email": "ada@new.example"})
    work()

    for old in (client.get(old_link), client.post(old_link)):
        assert old.status_code == 410
        assert "The email address was changed" in old.text
        assert "new.example" not in old.text
        assert "Ada Lovelace" not in old.text
    assert Letter.objects.get().confirmed_at is None
    assert client.post(mailbox.path_to("confirmation")).status_code == 302
    assert Letter.objects.get().confirmed_at


def test_the_old_mail_of_a_comment_opens_nothing_of_its_new_owners(
    client, mailbox, work
):
    make_campaign()
    typed = {
        "name": "Ada L.",
        "email": "ada@mail.example",
        "text": "Please help.",
        "wants_news": "on",
    }
    inbox = client.post("/campaign-1/comments/", typed)["Location"]
    work()
    old_link = mailbox.path_to("confirmation")
    old_key = Comment.objects.get().mail_key

    client.post(f"{inbox}mail/", {"email": "ada@new.example"})
    work()

    assert client.post(old_link).status_code == 410
    assert client.get(f"/campaign-1/comments/writer/{old_key}/").status_code == 404
    confirmed = client.post(mailbox.path_to("confirmation"), follow=True)
    assert confirmed.status_code == 200
    assert Comment.objects.get().confirmation.email == "ada@new.example"
