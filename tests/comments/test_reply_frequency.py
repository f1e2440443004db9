"""Replies told at once, once a day or once a week, as their writer wishes."""

from datetime import UTC, datetime, timedelta

import pytest

from comments.models import Comment, CommentSubscription
from outbox.models import OutgoingMail
from staff.models import User
from tests.factories import make_campaign, make_staff, write_comment

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 25, 15, tzinfo=UTC)
MORNINGS = {
    "daily": datetime(2026, 11, 26, 7, tzinfo=UTC),
    "weekly": datetime(2026, 11, 30, 7, tzinfo=UTC),
}


@pytest.fixture
def comment(mailbox, later, time_machine):
    """Ada's comment, shown by Cy; she wants emails about replies."""
    cy = make_staff("cy", "Moderators")
    time_machine.move_to(WEDNESDAY, tick=False)
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


@pytest.mark.parametrize("frequency", MORNINGS)
def test_replies_come_together_in_one_mail(
    comment, mailbox, work, time_machine, frequency
):
    comment.subscription.change_frequency(frequency)
    reply(comment, "I agree.")
    gone = reply(comment, "Rude.")
    reply(comment, "So do I.")
    gone.moderated_by(User.objects.get(username="cy")).hide("hate")
    work()

    time_machine.move_to(MORNINGS[frequency] - timedelta(minutes=1), tick=False)
    work()
    assert "ada@mail.example" not in [m["To"] for m in mailbox.messages]
    time_machine.move_to(MORNINGS[frequency], tick=False)
    for _ in range(2):
        work()

    [mail] = [m for m in mailbox.messages if m["To"] == "ada@mail.example"]
    assert mail["Subject"] == "2 replies to your comments"
    assert "I agree." in mailbox.text()
    assert "So do I." in mailbox.text()
    assert "Rude." not in mailbox.text()
    url = comment.subscription.stop_url("en")
    assert mail["List-Unsubscribe"] == f"<{url}>"


def test_how_often_is_chosen_on_the_page_that_stops_them(client, comment):
    path = f"/comment-subscriptions/{comment.subscription.key}/"
    assert "How often we email you about replies" in client.get(path).text

    page = client.post(path, {"frequency": "weekly"})

    assert "We email you about replies: once a week." in page.text
    subscription = CommentSubscription.objects.get(supporter__isnull=False)
    assert (subscription.frequency, subscription.stopped_at) == ("weekly", None)


def test_what_is_shown_just_before_the_morning_waits_for_a_second_thought(
    comment, mailbox, work, time_machine
):
    comment.subscription.change_frequency("daily")
    time_machine.move_to(MORNINGS["daily"] - timedelta(minutes=1), tick=False)
    reply(comment, "I agree.")

    time_machine.move_to(MORNINGS["daily"] + timedelta(hours=1), tick=False)
    work()
    assert mailbox.messages == []
    time_machine.move_to(MORNINGS["daily"] + timedelta(days=1), tick=False)
    work()

    assert [m["Subject"] for m in mailbox.messages] == ["Bo Li replied to your comment"]


@pytest.mark.parametrize("gone", ["reply", "comment"])
def test_what_is_gone_by_the_morning_is_not_told(
    comment, mailbox, work, time_machine, gone
):
    comment.subscription.change_frequency("daily")
    made = reply(comment, "I agree.")
    cy = User.objects.get(username="cy")
    if gone == "reply":
        made.remove()
    else:
        comment.moderated_by(cy).hide("hate")

    time_machine.move_to(MORNINGS["daily"], tick=False)
    work()
    if gone == "comment":
        comment.moderated_by(cy).undo()
        work()

    assert "replied" not in "".join(m["Subject"] for m in mailbox.messages)
    assert not Comment.objects.exclude(reply_due_at=None).filter(reply_told_at=None)


def test_who_stops_meanwhile_is_told_nothing(
    comment, mailbox, work, later, time_machine
):
    comment.subscription.change_frequency("daily")
    reply(comment, "I agree.")
    later()
    comment.subscription.stop()

    time_machine.move_to(MORNINGS["daily"], tick=False)
    work()

    assert mailbox.messages == []
    assert Comment.objects.latest("pk").reply_told_at


def test_it_is_at_once_unless_somebody_wishes_otherwise(comment, mailbox, later):
    reply(comment, "I agree.")
    later()

    assert [m["Subject"] for m in mailbox.messages] == ["Bo Li replied to your comment"]
    assert comment.subscription.frequency == "immediate"


def test_comment_mail_is_never_on_by_default(client):
    make_campaign()

    page = client.get("/campaign-1/comments/").text

    assert 'name="wants_replies"' in page
    assert "checked" not in page


def test_a_comment_mail_is_named_to_whoever_sends_it_back(comment, relay, later):
    reply(comment, "I agree.")
    later()

    [(sender, _to, _content, message)] = relay.taken
    mail = OutgoingMail.objects.get(text="comment_reply")
    assert sender == mail.bounce_address
    assert mail.email == comment.confirmation.supporter.email
    assert message["From"] == "Letters for Animals <hello@letters.example>"
