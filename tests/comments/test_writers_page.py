"""What the link in a comment's mail shows to whoever it was passed on to."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from comments.models import Comment
from supporters.models import Visit
from tests.factories import make_campaign, make_staff, prove, write_comment

pytestmark = pytest.mark.django_db
WORDS = "He takes bribes."


@pytest.fixture
def hidden(mailbox):
    """A confirmed comment that Cy has hidden, with words of his own that quote it."""
    comment = write_comment(make_campaign(), WORDS, name="Ada Secret")
    comment.confirm()
    comment.moderated_by(make_staff("cy", "Moderators")).hide("hate", f"“{WORDS}”")
    return comment


@pytest.fixture
def holder():
    """Somebody who was forwarded the mail."""
    return Client(headers={"sec-fetch-site": "same-origin"})


def pages(comment):
    return [comment.writer_url + page for page in ("", "text/", "removal/", "appeal/")]


def test_the_link_alone_shows_state_and_reason_and_no_words(holder, hidden):
    page = holder.get(hidden.writer_url).text

    assert "Your comment is hidden" in page
    assert "It attacks people because of who they are." in page
    for path in pages(hidden):
        text = holder.get(path).text
        assert "bribes" not in text
        assert "Secret" not in text
        assert "ada@mail.example" not in text
        assert "/comment-subscriptions/" not in text


def test_the_link_alone_changes_nothing_and_loses_nothing_that_was_typed(
    holder, hidden
):
    before = Comment.objects.values().get()

    written = holder.post(f"{hidden.writer_url}text/", {"text": "Other words."})
    appealed = holder.post(f"{hidden.writer_url}appeal/", {"words": "It is true."})
    removed = holder.post(f"{hidden.writer_url}removal/")

    assert Comment.objects.values().get() == before
    assert [a.status_code for a in (written, appealed, removed)] == [403] * 3
    assert "Other words.</textarea>" in written.text
    assert "It is true.</textarea>" in appealed.text


def test_what_waits_shows_no_words_either_and_what_shows_shows(holder, mailbox):
    comment = write_comment(make_campaign(), WORDS)
    comment.confirm()

    assert "bribes" not in holder.get(comment.writer_url).text
    comment.moderated_by(None).show()
    assert "bribes" in holder.get(comment.writer_url).text


def test_its_writer_opens_it_by_a_mail_and_is_led_back(client, hidden, mailbox, work):
    work()
    mailbox.clear()
    asked = client.post(hidden.writer_url)
    inbox = client.get(asked.url)
    work()
    [mail] = mailbox.messages
    assert mail["To"] == "ada@mail.example"
    assert "ada@mail.example" not in inbox.text
    # It says what was asked for: this, and not the page of all that is stored.
    assert mail["Subject"] == "The link you asked for"
    assert "<dd>The link you asked for</dd>" in inbox.text
    assert "You asked to see or change what you signed or wrote" in mailbox.text()
    assert "see what is stored" not in mail.as_string()

    opened = client.post(mailbox.path_to("opening"), follow=True)

    assert opened.redirect_chain == [(hidden.writer_url, 302)]
    assert WORDS in opened.text
    assert "Ask another moderator</button>" in opened.text
    asked = client.post(f"{hidden.writer_url}appeal/", {"words": "No."}, follow=True)
    assert "Another moderator will decide." in asked.text


def test_the_code_of_that_mail_leads_there_as_well(client, hidden, mailbox, work):
    inbox = client.post(hidden.writer_url).url
    work()

    opened = client.post(f"{inbox}code/", {"code": mailbox.code()}, follow=True)

    assert WORDS in opened.text


def test_a_browser_that_has_confirmed_the_address_needs_no_mail(client, hidden, work):
    prove(client, hidden)

    page = client.post(hidden.writer_url, follow=True)

    assert WORDS in page.text
    assert not Visit.objects.exists()


def test_the_link_does_not_fill_the_writers_inbox(
    holder, hidden, mailbox, work, settings
):
    work()
    mailbox.clear()
    for _time in range(5):
        holder.post(hidden.writer_url)
    work()

    assert len(mailbox.messages) <= settings.LIMIT_MAILS_TO_ADDRESS
    settings.LIMIT_ACTS_BEFORE_HELD = 5
    assert holder.post(hidden.writer_url).status_code == 429


def test_who_has_another_address_s_browser_is_not_its_writer(holder, hidden, mailbox):
    prove(holder, write_comment(hidden.campaign, "Mine.", email="eve@mail.example"))

    page = holder.get(hidden.writer_url).text

    assert not re.search("bribes|Secret", page)


def test_who_typed_the_address_does_not_read_what_its_owner_writes_later(
    client, holder, hidden, time_machine
):
    posted_in = holder
    assert "bribes" in posted_in.get(hidden.inbox_url).text
    time_machine.move_to(hidden.created_at + timedelta(minutes=20))
    prove(client, hidden)
    client.post(f"{hidden.writer_url}text/", {"text": "My new words."})

    page = posted_in.get(hidden.inbox_url)

    assert page.status_code == 200
    assert "My new words." not in page.text
    assert "My new words." in client.get(hidden.writer_url).text


def test_what_its_writer_changes_waits_though_replies_to_it_show(client, campaign, cy):
    """A hidden comment keeps its place while replies show; its new words wait there."""
    comment = write_comment(campaign, "First words.")
    comment.confirm()
    comment.moderated_by(cy).show()
    reply = write_comment(campaign, "A reply.", parent=comment, email="bo@mail.example")
    reply.moderated_by(cy).show()
    comment.moderated_by(cy).hide("hate")
    assert comment.by_writer.edit("Other words.", [])

    for page in ("", "comments/"):
        text = client.get(f"{campaign.get_absolute_url()}{page}").text
        assert "A reply." in text
        assert "Other words." not in text
