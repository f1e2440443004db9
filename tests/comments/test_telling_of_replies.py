"""Replies told to the writer of a comment, some minutes after they show."""

import pytest

from comments.models import Comment
from outbox.models import OutgoingMail
from staff.models import User
from tests.factories import make_campaign, make_staff, write_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(mailbox, later):
    """Ada's comment, shown by Cy; she wants emails about replies."""
    cy = make_staff("cy", "Moderators")
    comment = write_comment(make_campaign(), wants_replies=True)
    comment.confirm()
    comment.moderated_by(cy).show()
    later()
    mailbox.clear()
    return comment


def reply(comment, text):
    made = write_comment(
        comment.campaign, text, parent=comment, name="Bo Li", email="bo@mail.example"
    )
    made.confirm()
    made.moderated_by(User.objects.get(username="cy")).show()
    return made


def test_replies_that_show_within_minutes_come_in_one_mail(comment, mailbox, later):
    reply(comment, "I agree.")
    gone = reply(comment, "Rude.")
    reply(comment, "So do I.")
    gone.moderated_by(User.objects.get(username="cy")).hide("hate")

    later()
    later()

    [mail] = [m for m in mailbox.messages if m["To"] == "ada@mail.example"]
    assert mail["Subject"] == "2 replies to your comments"
    text = mail.get_body(("plain",)).get_content()
    assert "I agree." in text
    assert "So do I." in text
    assert "Rude." not in text


@pytest.mark.parametrize("gone", ["reply", "comment"])
def test_what_is_gone_meanwhile_is_not_told(comment, mailbox, later, gone):
    made = reply(comment, "I agree.")
    cy = User.objects.get(username="cy")
    if gone == "reply":
        made.remove()
    else:
        comment.moderated_by(cy).hide("hate")

    later()
    if gone == "comment":
        comment.moderated_by(cy).undo()
        later()

    assert "replied" not in "".join(m["Subject"] for m in mailbox.messages)


def test_what_shows_while_they_are_stopped_is_not_told_later(comment, mailbox, later):
    ada = comment.confirmation.supporter
    ada.stop("comment_news")
    reply(comment, "I agree.")
    later()
    ada.resume("comment_news")
    reply(comment, "So do I.")
    later()

    assert [m["Subject"] for m in mailbox.messages] == ["Bo Li replied to your comment"]
    assert "So do I." in mailbox.text()


def test_ones_own_reply_is_not_told_with_those_of_others(comment, mailbox, later):
    own = write_comment(comment.campaign, "I add this.", parent=comment)
    own.confirm()
    own.moderated_by(User.objects.get(username="cy")).show()
    reply(comment, "I agree.")
    later()

    assert "I add this." not in mailbox.text()


def test_comment_mail_is_never_on_by_default(client):
    make_campaign()

    page = client.get("/campaign-1/comments/").text

    assert 'name="wants_replies"' in page
    assert "checked" not in page


def test_a_comment_mail_is_named_to_whoever_sends_it_back(comment, relay, later):
    reply(comment, "I agree.")
    later()

    [(sender, _to, _content, message)] = relay.taken
    mail = OutgoingMail.objects.get(text="comment_replies")
    assert sender == mail.bounce_address
    assert mail.email == comment.confirmation.supporter.email
    assert message["From"] == "Letters for Animals <hello@letters.example>"
    assert Comment.objects.get(parent=comment).reply_told_at
