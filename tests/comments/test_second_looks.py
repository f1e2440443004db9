"""What a second look at moderation found: ways around it, and what got lost."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.utils import timezone

from comments.models import Comment, Thread
from comments.moderating import Collision
from comments.rules import findings
from safeguards.blocks import Block
from supporters.acts.holding import examine_again
from tests.answers import subject
from tests.comments.test_telling import confirmed
from tests.comments.test_writing import known_writer, post
from tests.factories import (
    make_campaign,
    make_comment,
    make_staff,
    prove,
    write_comment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(mailbox):
    return make_campaign()


def write_anew(client, comment, text):
    path = f"/campaign-1/comments/writer/{comment.mail_key}/text/"
    prove(client, comment)
    return client.post(path, {"text": text}, follow=True)


@pytest.mark.parametrize("how", ["hidden", "reported", "shown by cy"])
def test_a_known_writer_does_not_show_again_what_somebody_looked_at(
    client, campaign, cy, how
):
    known_writer(campaign, client)
    post(client, text="My second one.")
    comment = Comment.objects.latest("pk")
    assert comment.is_shown
    if how == "reported":
        comment.report(reason="hate", words="", network_hash="a")
    elif how == "hidden":
        comment.moderated_by(cy).hide("hate")
    else:
        comment.report(reason="hate", words="", network_hash="a")
        comment.moderated_by(cy).show()

    page = write_anew(client, comment, "My second one, again.")

    comment.refresh_from_db()
    assert "Your comment is waiting for a moderator" in page.text
    assert comment.is_waiting
    assert comment in Comment.objects.queued()


def test_a_shown_comment_is_changed_at_any_time_and_waits_again(client, campaign, cy):
    comment = confirmed(campaign)
    comment.moderated_by(cy).show()
    comment.moderated_by(cy).pin()

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        write_anew(client, comment, "Better words.")

    comment.refresh_from_db()
    assert (comment.text, comment.state) == ("Better words.", "waiting")
    assert comment.pinned_at is None


def test_an_undo_does_not_lose_a_report_that_came_since(campaign, cy):
    comment = make_comment(campaign)
    comment.moderated_by(cy).pin()
    comment.report(reason="hate", words="", network_hash="a")

    comment.moderated_by(cy).undo()

    assert list(Comment.objects.queued()) == [comment]


def test_who_reports_again_after_keep_does_not_stand_in_the_way_of_an_undo(
    campaign, cy
):
    comment = make_comment(campaign)
    comment.report(reason="hate", words="", network_hash="a")
    comment.report(reason="hate", words="", network_hash="b")
    comment.moderated_by(cy).show()
    comment.report(reason="spam", words="", network_hash="a")

    comment.moderated_by(cy).undo()

    open_ones = comment.reports.filter(decided_at=None)
    assert sorted(open_ones.values_list("network_hash", "reason")) == [
        ("a", "spam"),
        ("b", "hate"),
    ]


def test_a_report_that_came_meanwhile_is_not_answered_unread(campaign, cy):
    comment = make_comment(campaign)
    comment.report(reason="spam", words="", network_hash="a")
    comment.refresh_from_db()
    seen = comment.version
    comment.report(reason="threat", words="It names my street.", network_hash="b")
    comment.report(reason="threat", words="Again.", network_hash="b")

    with pytest.raises(
        Collision, match="Its writer or a reader has just changed something"
    ):
        comment.moderated_by(cy).having_seen(seen).show()

    assert comment.reports.filter(decided_at=None).count() == 2


def test_the_hider_does_not_bury_an_appeal(campaign, cy, di):
    comment = confirmed(campaign)
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.appeal("It is not.")

    comment.moderated_by(cy).undo()
    comment.moderated_by(cy).hide("hate")

    assert not comment.appeal_waits
    assert comment.by_writer.may_appeal
    assert comment.by_writer.appeal("It is still not.")
    assert list(Comment.objects.queued()) == [comment]


def test_nobody_is_told_that_another_moderator_agreed_who_did_not(
    client, campaign, cy, mailbox, later
):
    granted, edited = confirmed(campaign), confirmed(campaign, "Another.")
    for comment in (granted, edited):
        comment.moderated_by(cy).hide("hate")
        comment.by_writer.appeal("No.")
    granted.moderated_by(make_staff("di", "Moderators")).show()
    edited.by_writer.edit("Other words.", [])
    mailbox.clear()

    for comment in (granted, edited):
        comment.moderated_by(cy).hide("advert")
        later()
        prove(client, comment)
        page = client.get(comment.writer_url)
        assert "decided the same" not in page.text

    assert len(mailbox.messages) == 2
    for message in mailbox.messages:
        assert "decided the same" not in message.get_body(("plain",)).get_content()
    row = client.get("/moderation/").text.split("<tbody>")[1]
    assert ">2&nbsp;(1)<" in row


def test_a_second_reason_is_told_too(campaign, cy, mailbox, later):
    comment = confirmed(campaign)
    comment.moderated_by(cy).hide("hate")
    later()
    comment.moderated_by(cy).undo()
    comment.moderated_by(cy).hide("advert")
    mailbox.clear()

    later()
    comment.refresh_from_db()
    comment.mails.tell_later()
    later()

    assert len(mailbox.messages) == 1
    assert "It advertises something." in mailbox.text()


def test_a_redacted_passage_is_in_nothing_that_is_kept(campaign, cy):
    comment = confirmed(campaign, "He lives at\n12 Main Street now.")
    passage = "at\n12 Main Street"
    comment.moderated_by(cy).hide("private", f"You wrote: {passage}")
    comment.by_writer.appeal(f"But {passage} is public.")
    comment.moderated_by(make_staff("di")).show()
    comment.moderated_by(cy).note("Is at\r\n12 Main Street his?")

    assert comment.moderated_by(cy).redact("at\r\n12 Main Street")

    kept = [comment.text, comment.hidden_words, comment.appeal]
    for log in comment.moderations.all():
        kept += [log.words, str(log.before)]
    assert not any("12 Main Street" in text for text in kept)
    comment.moderated_by(cy).undo()
    assert "12 Main Street" not in comment.hidden_words


@pytest.mark.parametrize("passage", ["", "a", "no"])
def test_what_is_too_short_to_be_meant_is_not_redacted(campaign, cy, passage):
    comment = make_comment(campaign, "a no a no")

    assert not comment.moderated_by(cy).redact(passage)
    assert comment.text == "a no a no"


def test_the_feed_holds_what_xml_can_hold(client, campaign):
    make_comment(campaign, "one\x0btwo\uffff", name="A\x0cB")

    answer = client.get("/campaign-1/comments/feed/")

    assert answer.status_code == 200
    assert ET.fromstring(answer.content).tag.endswith("feed")


def test_noncharacters_are_refused(client, campaign):
    assert post(client, text="one\uffff two").status_code == 422


def test_a_writer_whose_address_is_refused_does_not_keep_the_reply_from_others(
    campaign, cy, mailbox, later
):
    first = confirmed(campaign, email="bo@mail.example", wants_replies=True)
    first.moderated_by(cy).show()
    reply = confirmed(campaign, "I agree.", parent=first, wants_news=True)
    later()
    mailbox.clear()
    mailbox.refuse("ada@mail.example", "550 5.1.1 No such mailbox")

    reply.moderated_by(cy).show()
    later()

    assert [m["To"] for m in mailbox.messages] == ["bo@mail.example"]
    reply.refresh_from_db()
    assert reply.writer_told == "shown"


def test_what_came_like_a_programs_mails_no_stranger(
    client, campaign, cy, mailbox, later
):
    post(client, website="http://spam.example")
    comment = Comment.objects.get()
    comment.moderated_by(cy).hide("advert")

    later()

    assert mailbox.messages == []


@pytest.mark.parametrize("points", [0, 5])
def test_an_appeal_is_not_sorted_as_spam(campaign, cy, points):
    comment = confirmed(campaign)
    Comment.objects.update(spam_points=points)
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.appeal("It is not.")

    assert Comment.objects.get().spam_points == 0


def test_an_undo_stands_without_the_account_of_who_hid_it(campaign, cy, di):
    comment = confirmed(campaign)
    comment.moderated_by(cy).hide("hate")
    comment.moderated_by(di).show() if comment.by_writer.appeal("No.") else None
    cy.delete()

    comment.moderated_by(di).undo()

    assert comment.state == "hidden"
    assert comment.hidden_by is None


def test_who_changes_the_closing_date_does_not_turn_back_the_counts(client, campaign):
    client.force_login(make_staff("root", is_superuser=True))
    make_comment(campaign)
    thread = Thread.objects.get()
    stale = Thread.objects.get()
    make_comment(campaign, "Another one.")

    from django.contrib import admin

    admin.site.get_model_admin(Thread).save_model(None, stale, None, change=True)

    thread.refresh_from_db()
    assert thread.comment_count == 2


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("도박", "도박을 하자", True),
        ("赌场", "来赌场玩", True),
        ("🎰", "Win 🎰 now", True),
        ("🎰", "No symbol here, and no letter: !!!", False),
        ("casino", "casinos", False),
    ],
)
def test_blocked_words_of_other_scripts(campaign, word, text, is_found):
    block = Block(kind="word", value=word)
    block.full_clean()
    block.save()

    look = examine_again(email="a@b.example", name="A", text=text, networks=None)
    found = findings(text, look)

    assert bool(found) == is_found


@pytest.mark.parametrize("value", ["10.0.0.0/8", "2001:db8::/32"])
def test_a_network_that_is_too_wide_is_refused(value):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="too large"):
        Block(kind="network", value=value).full_clean()


def test_an_address_that_comes_later_is_looked_up_too(client, campaign):
    Block.objects.create(kind="address", value="spam.example")
    comment = write_comment(campaign)

    client.post(f"{comment.inbox_url}mail/", {"email": "x@spam.example"})

    comment = Comment.objects.latest("pk")
    assert comment.findings == [["address", "spam.example"]]
    assert comment.spam_points > 0


def test_nobody_poses_as_the_site(client, campaign):
    known_writer(campaign, client)

    post(client, name="letters for  Animals", text="We have won.")

    assert Comment.objects.latest("pk").is_waiting


def test_who_has_stopped_gets_no_question_but_what_they_ask_for(
    client, campaign, mailbox, work
):
    write_comment(campaign).confirmation.supporter.stop("comment_news")
    comment = write_comment(campaign, "Another.", wants_news=True)
    work()
    assert mailbox.messages == []

    client.post(f"{comment.inbox_url}mail/", {"email": "ada@mail.example"})
    work()

    assert [subject(m) for m in mailbox.messages] == ["Is this your comment?"]
    assert "List-Unsubscribe" in mailbox.last()


def test_the_page_after_posting_tells_nobody_that_its_owner_said_yes(
    client, campaign, mailbox, work
):
    comment = write_comment(campaign, wants_news=True)
    work()
    before = client.get(comment.inbox_url).text

    comment.confirm()

    assert client.get(comment.inbox_url).text == before


def test_campaigners_do_not_find_out_who_wrote(client, campaign, cy):
    write_comment(campaign, "Found by its address.")
    path = "/admin/comments/comment/?q=ada@mail.example"
    found = []
    for user in (make_staff("bo", "Campaigners"), cy):
        client.force_login(user)
        found.append("Found by its address." in client.get(path).text)

    assert found == [False, True]


def test_a_wrong_number_in_the_admin_is_not_found(client, cy):
    client.force_login(cy)

    assert client.get("/admin/comments/comment/abc/change/").status_code == 404
