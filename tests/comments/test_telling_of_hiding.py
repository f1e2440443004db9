"""What the writer of a hidden comment is told, and what they can do about it."""

import pytest

from comments.models import Comment
from tests.answers import subject
from tests.comments.test_telling import confirmed, subjects
from tests.factories import (
    make_campaign,
    make_staff,
    prove,
    write_comment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(mailbox):
    return make_campaign()


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators", first_name="Moderator Cy")


def test_with_another_address_a_hidden_comment_waits_anew(
    client, campaign, cy, mailbox, later
):
    comment = write_comment(campaign, "Rude words.")
    comment.moderated_by(cy).hide("hate")

    client.post(f"{comment.inbox_url}mail/", {"email": "eve@mail.example"})
    later()

    assert [(m["To"], subject(m)) for m in mailbox.messages] == [
        ("eve@mail.example", "Is this your comment?"),
    ]
    new = Comment.objects.latest("pk")
    assert new.is_waiting
    # Whoever moderates sees that these words were here before.
    assert ["duplicate", ""] in new.findings


def test_the_writer_of_a_hidden_comment_gets_the_reason(
    client, campaign, cy, mailbox, later
):
    comment = confirmed(campaign)
    comment.moderated_by(cy).hide("private", "A phone number of somebody else.")
    later()

    assert subjects(mailbox) == ["Your comment is hidden"]
    assert "It shows somebody’s private details." in mailbox.text()
    assert "A phone number of somebody else." in mailbox.text()
    path = f"/campaign-1/comments/writer/{comment.mail_key}/"
    assert path in mailbox.text()
    prove(client, comment)
    page = client.get(path).text
    assert "Your comment is hidden" in page
    assert "A phone number of somebody else." in page
    assert "Moderator Cy" not in mailbox.last().as_string()


def test_an_address_nobody_confirmed_gets_a_question_and_no_reason(
    client, campaign, cy, mailbox, later
):
    comment = write_comment(campaign, "Rude words.", name="Rude Ada")
    comment.moderated_by(cy).hide("hate", "Own words of Cy.")
    later()

    assert subjects(mailbox) == ["A comment with your email address was hidden"]
    for words in ("Rude", "attacks", "Own words", comment.mail_key):
        assert words not in mailbox.last().as_string()
    path = mailbox.path_to("confirmation")
    asked = client.get(path).text
    assert "If you only close this page, we do not write about it again." in asked
    assert "only if a moderator hides it" not in asked
    assert Comment.objects.get().confirmation.used_at is None
    page = client.post(path, follow=True).text
    assert "It attacks people because of who they are." in page
    assert "Own words of Cy." in page


def test_even_that_question_stops_with_one_click(
    stranger, campaign, cy, mailbox, later
):
    write_comment(campaign, "Rude words.").moderated_by(cy).hide("hate")
    later()
    stranger.post(mailbox.last()["List-Unsubscribe"].strip("<>"))
    mailbox.clear()

    write_comment(campaign, "More of them.").moderated_by(cy).hide("hate")
    later()

    assert mailbox.messages == []


def test_spam_with_a_stolen_address_mails_nobody(campaign, cy, mailbox, later):
    write_comment(campaign).moderated_by(cy).mark_spam()
    later()

    assert mailbox.messages == []


def test_the_writer_changes_it_and_it_waits_again(client, campaign, cy, mailbox, later):
    comment = confirmed(campaign, "Rude words.")
    comment.moderated_by(cy).hide("hate")
    path = f"/campaign-1/comments/writer/{comment.mail_key}/"
    prove(client, comment)

    form = client.get(f"{path}text/")
    answer = client.post(f"{path}text/", {"text": "Kind words."}, follow=True)

    assert "Rude words.</textarea>" in form.text
    assert "It attacks people because of who they are." in form.text
    assert "Your comment is waiting for a moderator" in answer.text
    comment.refresh_from_db()
    assert (comment.text, comment.state) == ("Kind words.", "waiting")
    assert list(Comment.objects.queued()) == [comment]
    mailbox.clear()
    comment.moderated_by(cy).hide("advert")
    later()
    assert subjects(mailbox) == ["Your comment is hidden"]


def test_one_appeal_to_another_moderator(client, campaign, cy, mailbox, later):
    di = make_staff("di", "Moderators")
    comment = confirmed(campaign)
    comment.moderated_by(cy).hide("hate")
    later()
    mailbox.clear()
    path = f"/campaign-1/comments/writer/{comment.mail_key}/"
    prove(client, comment)

    empty = client.post(f"{path}appeal/", {"words": ""})
    asked = client.post(f"{path}appeal/", {"words": "It is not hate."}, follow=True)
    again = client.post(f"{path}appeal/", {"words": "Again."}, follow=True)
    comment.refresh_from_db()
    comment.moderated_by(di).show()
    later()

    assert empty.status_code == 422
    assert "Say why your comment should be shown." in empty.text
    assert "Another moderator will decide." in asked.text
    assert "Ask another moderator</button>" not in again.text
    assert comment.appeal == "It is not hate."
    assert subjects(mailbox) == ["Your comment is on the page"]


def test_an_appeal_that_is_turned_down_is_told(campaign, cy, mailbox, later):
    comment = confirmed(campaign)
    comment.moderated_by(cy).hide("hate")
    later()
    comment.by_writer.appeal("No.")
    mailbox.clear()

    comment.moderated_by(make_staff("di")).hide("hate")
    later()

    assert "Another moderator has looked at your comment" in mailbox.text()
    assert "ask another moderator" not in mailbox.text()
