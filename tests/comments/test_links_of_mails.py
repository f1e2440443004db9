"""What the links and codes in mails about comments open."""

import pytest

from tests.comments.test_telling import confirmed, subjects
from tests.factories import (
    make_campaign,
    make_staff,
    write_comment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(mailbox):
    return make_campaign()


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators", first_name="Moderator Cy")


def test_every_mail_stops_with_one_click(stranger, campaign, cy, mailbox, later):
    comment = confirmed(campaign, wants_news=True, wants_replies=True)
    comment.moderated_by(cy).show()
    later()
    message = mailbox.last()
    url = message["List-Unsubscribe"].strip("<>")

    seen = stranger.get(url)
    stopped = stranger.post(url, {"List-Unsubscribe": "One-Click"})
    mailbox.clear()
    confirmed(
        campaign, "A reply.", parent=comment, email="di@mail.example"
    ).moderated_by(cy).show()
    comment.moderated_by(cy).hide("hate")
    later()

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Stop emails called “Emails about comments”?" in seen.text
    assert "You will get no more of these" in stopped.text
    assert url in message.get_body(("plain",)).get_content()
    assert mailbox.messages == []


def test_asking_again_starts_them_again(client, campaign):
    comment = confirmed(campaign, wants_news=True)
    ada = comment.confirmation.supporter
    ada.stop("comment_news")

    confirmed(campaign, "Another.", wants_replies=True)

    assert not ada.has_stopped("comment_news")


def test_the_link_for_later_comes_by_mail(client, campaign, mailbox, work):
    comment = write_comment(campaign)

    client.post(f"{comment.inbox_url}mail/", {"email": "ada@mail.example"})
    work()
    page = client.post(mailbox.path_to("confirmation"), follow=True)

    assert subjects(mailbox) == ["Is this your comment?"]
    assert "Delete this comment" in page.text
    assert "Please stop." in page.text
    assert "Please stop." not in mailbox.text()


def test_the_code_of_the_mail_confirms_too(client, campaign, mailbox, work):
    comment = write_comment(campaign, wants_news=True)
    work()

    answer = client.post(
        f"{comment.inbox_url}code/", {"code": mailbox.code()}, follow=True
    )

    assert "Your comment is waiting for a moderator" in answer.text
    assert "supporter" in client.cookies
    comment.refresh_from_db()
    assert comment.confirmation.used_at is not None
    assert comment.is_waiting


def test_a_used_link_leads_to_the_page_of_the_comment(client, campaign, mailbox, work):
    comment = write_comment(campaign, wants_news=True)
    work()
    path = mailbox.path_to("confirmation")
    comment.confirm()

    page = client.get(path)

    assert page.status_code == 200
    assert "You have confirmed that it is yours." in page.text
    assert f'href="{comment.writer_url}"' in page.text
