"""A denied comment: it was shown without its owner’s yes, and outlives its question."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from comments.models import Comment
from comments.moderating import Collision
from supporters.models import RetentionRun
from tests.answers import new_browser, subject
from tests.concurrency import at_once
from tests.factories import make_campaign, make_staff, prove, write_comment

pytestmark = pytest.mark.django_db


def test_undoing_it_shows_no_repeat_of_what_a_moderator_has_hidden(client):
    campaign = make_campaign()
    first, repeat = [
        write_comment(campaign, "Buy this.", email=email, network_hash="a" * 32)
        for email in ("ada@mail.example", "bo@mail.example")
    ]
    denial = repeat.confirmation.denial_url
    moderator = make_staff("cy")

    first.moderated_by(moderator).show()
    client.post(denial)
    first.refresh_from_db()
    first.moderated_by(moderator).hide("advert")
    client.post(denial, {"undo": ""})

    assert "Buy this." not in new_browser().get("/campaign-1/comments/").text
    assert Comment.objects.queued().get() == repeat


def test_whoever_has_an_old_link_takes_it_off_once_and_prolongs_no_silence(
    client, mailbox, work, time_machine
):
    campaign = make_campaign()
    comment = write_comment(campaign, "Nonsense.", wants_news=True)
    work()
    comment.moderated_by(make_staff("cy")).show()
    denial = mailbox.path_to("denial")
    start = timezone.now() + timedelta(days=8)

    for hours in (0, 13, 26):
        time_machine.move_to(start + timedelta(hours=hours))
        page = client.post(denial, follow=True)
        assert "<h1>Thank you for telling us</h1>" in page.text
        assert 'name="undo"' not in page.text
        assert client.post(denial, {"undo": ""}).status_code == 410
    assert not campaign.comments.visible().exists()

    mailbox.clear()
    write_comment(campaign, "Please help.", wants_news=True)
    work()
    assert subject(mailbox.last()) == "Is this your comment?"


@pytest.fixture
def hidden_and_denied(client, mailbox, work):
    """One that a moderator had hidden when its owner denied it."""
    comment = write_comment(make_campaign(), "Nonsense.", wants_news=True)
    work()
    comment.moderated_by(make_staff("cy")).hide("other")
    client.post(mailbox.path_to("denial"))
    comment.refresh_from_db()
    return comment


def test_no_moderator_shows_what_its_owner_has_denied(hidden_and_denied, client):
    moderating = hidden_and_denied.moderated_by(make_staff("dee"))

    for decide in (moderating.show, moderating.undo):
        with pytest.raises(Collision, match="not theirs"):
            decide()

    assert not Comment.objects.visible().exists()


def test_what_was_hidden_before_is_deleted_in_the_promised_time(
    hidden_and_denied, time_machine
):
    time_machine.move_to(timezone.now() + timedelta(days=8))

    RetentionRun.run()

    hidden_and_denied.refresh_from_db()
    assert (hidden_and_denied.text, hidden_and_denied.name) == ("", "")


def test_nobody_appeals_or_changes_it_until_it_is_undone(
    client, mailbox, hidden_and_denied
):
    writing = hidden_and_denied.by_writer
    assert not writing.appeal("Why?")
    assert not writing.edit("Other words.", [])

    client.post(mailbox.path_to("denial"), {"undo": ""})
    assert Comment.objects.get().by_writer.appeal("Why?")
    client.post(mailbox.path_to("denial"))
    assert not Comment.objects.queued().exists()
    client.post(mailbox.path_to("denial"), {"undo": ""})

    assert Comment.objects.queued().get() == hidden_and_denied


@pytest.mark.django_db(transaction=True)
def test_denying_it_while_it_is_posted_again_blocks_neither():
    campaign = make_campaign()
    again = {"findings": [], "network_hash": "a" * 32}
    for number in range(8):
        words = f"Nonsense {number}."
        comment = write_comment(campaign, words, wants_news=True, **again)
        one, other = (Comment.objects.get(pk=comment.pk) for _ in range(2))

        at_once([partial(one.post_again, "eve@mail.example", **again), other.deny])

        assert Comment.objects.get(pk=comment.pk).confirmation.replaced_at


def test_the_page_after_the_form_says_where_a_denial_is_undone(client):
    comment = write_comment(make_campaign(), "Please help.", wants_news=True)

    page = client.get(comment.inbox_url).text

    assert "Have you pressed “This was not me” in an earlier email?" in page
    assert 'href="/mine/"' in page


def test_its_owner_reads_who_discarded_it(client, mailbox, work):
    def mine():
        return client.post("/mine/", {"as_known": "1"}, follow=True).text

    comment = write_comment(make_campaign(), "Nonsense.", wants_replies=True)
    work()
    prove(client, comment)
    denial = mailbox.path_to("denial")
    client.post(denial)

    for page in (mine(), client.get(comment.writer_url).text):
        assert "You told us that this was not you. So we do not use it." in page
        assert "send no emails about it, and delete it within 7 days." in page
        assert "idden by a moderator" not in page

    client.post(denial, {"undo": ""})
    assert "So we do not use it." not in mine()


def test_whoever_typed_the_address_and_readers_do_not_see_who_has_hidden_it(
    client, mailbox, work
):
    campaign = make_campaign()
    denied, hidden = [
        write_comment(campaign, text, wants_news=True) for text in ("One.", "Two.")
    ]
    moderator = make_staff("cy")
    for comment in (denied, hidden):
        comment.moderated_by(moderator).show()
        write_comment(campaign, "No.", parent=comment).moderated_by(moderator).show()
    hidden.refresh_from_db()
    hidden.moderated_by(moderator).hide("advert")
    client.post(denied.confirmation.denial_url)

    for comment in (denied, hidden):
        page = client.get(comment.inbox_url).text
        assert "<h1>Your comment is hidden</h1>" in page
        assert "If a moderator has hidden it, we email you the reason." in page
    thread = new_browser().get("/campaign-1/comments/").text
    assert thread.count("This comment is hidden") == 2
