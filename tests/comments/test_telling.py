"""The emails about comments, the writer's page behind them, and how they stop."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments.models import Comment
from comments.rules import RuleFinding
from outbox.models import OutgoingMail
from supporters.models import RetentionRun
from tests.answers import subject
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


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators", first_name="Moderator Cy")


def confirmed(campaign, text="Please stop.", **fields):
    """A comment whose writer has confirmed it, and the confirmation mail is gone."""
    comment = write_comment(campaign, text, **fields)
    comment.confirm()
    comment.refresh_from_db()
    return comment


def subjects(mailbox):
    return [subject(message) for message in mailbox.messages]


def test_who_asked_is_told_when_it_shows(campaign, cy, mailbox, later):
    comment = confirmed(campaign, wants_news=True)
    later()
    mailbox.clear()

    comment.moderated_by(cy).show()
    later()
    comment.refresh_from_db()
    comment.mails.tell_later()
    later()

    assert subjects(mailbox) == ["Your comment is on the page"]
    assert f"/comments/{comment.pk}/" in mailbox.text()


@pytest.mark.parametrize(
    "comment",
    [{"wants_news": False}, {"wants_news": True, "confirm": False}],
    ids=["not asked", "not confirmed"],
)
def test_nobody_else_is_told(campaign, cy, mailbox, later, comment):
    fields = {"confirm": True, **comment}
    is_confirmed = fields.pop("confirm")
    comment = (confirmed if is_confirmed else write_comment)(campaign, **fields)
    later()
    mailbox.clear()

    comment.moderated_by(cy).show()
    later()

    assert mailbox.messages == []


def test_what_is_undone_in_time_reaches_nobody(campaign, cy, mailbox, later):
    comment = confirmed(campaign, wants_news=True)
    later()
    mailbox.clear()

    comment.moderated_by(cy).hide("hate")
    comment.moderated_by(cy).undo()
    later()

    assert mailbox.messages == []


def test_each_second_thought_begins_the_wait_anew(campaign, cy, mailbox, work):
    comment = confirmed(campaign)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        comment.moderated_by(cy).hide("hate")
        clock.move_to(start + timedelta(minutes=4))
        comment.moderated_by(cy).undo()
        comment.moderated_by(cy).hide("advert")
        clock.move_to(start + timedelta(minutes=8))
        work()
        early = subjects(mailbox)
        clock.move_to(start + timedelta(minutes=9))
        work()

    assert early == []
    assert subjects(mailbox) == ["Your comment is hidden"]
    assert "It advertises something." in mailbox.text()


def test_what_is_decided_while_the_mail_is_on_its_way_is_what_is_told(
    campaign, cy, mailbox, later
):
    comment = confirmed(campaign, wants_news=True)
    comment.moderated_by(cy).hide("hate")
    mail = OutgoingMail.objects.open().get(purpose="comment_news")
    mail.kind.compose(mail)
    assert mail.kind.may_leave(mail)

    comment.moderated_by(cy).undo()
    comment.moderated_by(cy).show()

    assert not mail.kind.may_leave(mail)
    later()
    told = [s for s in subjects(mailbox) if s != "The link to your comment"]
    assert told == ["Your comment is on the page"]


@pytest.mark.parametrize("change", ["hide", "remove", "stop"])
def test_a_reply_that_is_gone_while_the_mail_is_on_its_way_is_not_told(
    campaign, cy, mailbox, later, change
):
    first = confirmed(campaign, wants_replies=True)
    first.moderated_by(cy).show()
    reply = confirmed(campaign, "I agree.", parent=first, email="di@mail.example")
    reply.moderated_by(cy).show()
    later()
    assert subjects(mailbox)[-1] == "Ada Lovelace replied to your comment"
    mailbox.clear()
    Comment.objects.update(reply_told_at=None)
    reply.refresh_from_db()
    reply.mails.tell_later()
    mail = OutgoingMail.objects.open().get(purpose="replies_to_comment")
    mail.kind.compose(mail)
    assert mail.kind.may_leave(mail)

    match change:
        case "hide":
            reply.moderated_by(cy).hide("hate")
        case "remove":
            reply.remove()
        case "stop":
            first.confirmation.supporter.stop("comment_news")

    assert not mail.kind.may_leave(mail)
    later()
    assert "ada@mail.example" not in [m["To"] for m in mailbox.messages]


def test_a_reply_is_told_to_who_is_answered_and_to_nobody_else(
    campaign, cy, mailbox, later
):
    first = confirmed(campaign, wants_replies=True)
    other = confirmed(campaign, "Other.", email="bo@mail.example", wants_replies=True)
    for comment in (first, other):
        comment.moderated_by(cy).show()
    reply = confirmed(
        campaign, "I agree <b>!", parent=first, email="di@mail.example", name="Di"
    )
    later()
    mailbox.clear()

    reply.moderated_by(cy).show()
    later()
    reply.moderated_by(cy).hide("hate")
    reply.moderated_by(cy).undo()
    later()

    assert [(m["To"], subject(m)) for m in mailbox.messages] == [
        ("ada@mail.example", "Di replied to your comment")
    ]
    assert "I agree <b>!" in mailbox.text()
    html = mailbox.last().get_body(("html",)).get_content()
    assert "I agree &lt;b&gt;!" in html


@pytest.mark.parametrize("case", ["own", "not asked", "not confirmed", "hidden"])
def test_a_reply_is_not_told_to(campaign, cy, mailbox, later, case):
    make = write_comment if case == "not confirmed" else confirmed
    first = make(campaign, wants_replies=case != "not asked")
    first.moderated_by(cy).show()
    email = "ada@mail.example" if case == "own" else "di@mail.example"
    reply = confirmed(campaign, "I agree.", parent=first, email=email)
    if case == "hidden":
        first.moderated_by(cy).hide("spam")
    later()
    mailbox.clear()

    reply.moderated_by(cy).show()
    later()

    assert mailbox.messages == []


def test_a_reply_that_shows_again_is_told_then(campaign, cy, mailbox, later):
    first = confirmed(campaign, wants_replies=True)
    first.moderated_by(cy).show()
    reply = write_comment(campaign, "I agree.", parent=first, email="di@mail.example")
    reply.moderated_by(cy).hide("hate")
    later()
    mailbox.clear()

    reply.moderated_by(cy).undo()
    reply.moderated_by(cy).show()
    later()

    assert subjects(mailbox) == ["Ada Lovelace replied to your comment"]


def test_an_answer_of_the_campaign_is_told_like_a_reply(campaign, cy, mailbox, later):
    first = confirmed(campaign, wants_replies=True)
    first.moderated_by(cy).show()
    later()
    mailbox.clear()

    first.moderated_by(cy).answer("On Tuesday.")
    later()

    assert subjects(mailbox) == ["Letters for Animals replied to your comment"]


@pytest.mark.parametrize("replies", [0, 1])
def test_a_removed_comment_leaves_its_place_and_nothing_else(
    client, campaign, cy, replies
):
    comment = confirmed(campaign, "My words.", name="Ada Secret")
    comment.moderated_by(cy).note("Ada Secret again.")
    comment.moderated_by(cy).show()
    comment.report(reason="hate", words="Ada Secret is rude", network_hash="a")
    for _number in range(replies):
        make_comment(campaign, "A reply to it.", comment)
    path = f"/campaign-1/comments/writer/{comment.mail_key}/removal/"
    prove(client, comment)

    asked = client.get(path)
    still_there = Comment.objects.get(pk=comment.pk).text
    done = client.post(path)
    again = client.post(path)

    assert "Delete your comment?" in asked.text
    assert still_there == "My words."
    assert "Your comment is deleted" in done.text
    assert again.status_code == 200
    page = client.get("/campaign-1/").text
    assert "Removed by its writer" in page
    assert page.count("A reply to it.") == replies
    comment.refresh_from_db()
    kept = [comment.name, comment.text, comment.network_hash, comment.text_digest]
    assert kept == [""] * 4
    assert comment.confirmation is None
    assert not comment.reports.exists()
    assert not comment.moderations.filter(words__contains="Secret").exists()


def forgotten():
    report = RetentionRun.run().report
    return report["comments"], report["networks of comments"]


def test_old_spam_is_emptied_and_old_network_hashes_go(campaign, cy, settings):
    spam = write_comment(campaign, "Spam.", network_hash="a" * 32)
    other = write_comment(campaign, "Other.", network_hash="b" * 32)
    spam.moderated_by(cy).mark_spam()

    before = forgotten()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        after = forgotten()
        again = forgotten()

    spam.refresh_from_db()
    other.refresh_from_db()
    assert (before, after, again) == ((0, 0), (1, 1), (0, 0))
    assert (spam.text, spam.name, spam.confirmation) == ("", "", None)
    assert (other.text, other.network_hash) == ("Other.", "")


def test_the_public_numbers_are_true(client, campaign, cy, settings):
    settings.COMMENT_EDIT_MINUTES = 15
    shown, hate, spam, undone, appealed, _waiting, removed = [
        write_comment(campaign, f"Number {n}", email=f"p{n}@mail.example")
        for n in range(7)
    ]
    for comment in (shown, removed):
        comment.moderated_by(cy).show()
    hate.moderated_by(cy).hide("hate")
    spam.moderated_by(cy).mark_spam()
    undone.moderated_by(cy).hide("advert")
    undone.moderated_by(cy).undo()
    appealed.moderated_by(cy).hide("hate")
    appealed.by_writer.appeal("No.")
    appealed.moderated_by(make_staff("di")).show()
    removed.remove()

    page = client.get("/moderation/").text
    row = page.split("<tbody>")[1].split("</tbody>")[0]

    found = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    cells = [" ".join(cell.split()) for cell in found]
    assert cells[0] == "7"
    assert cells[1] == "2"
    assert cells[2].startswith("3<ul")
    assert "<li>2: It attacks people because of who they are.</li>" in cells[2]
    assert "<li>1: It looks like spam.</li>" in cells[2]
    assert cells[3] == "1&nbsp;(1)"
    assert cells[4] == "1 minute"


def test_whose_comment_was_approved_is_asked_once_when_nobody_has_confirmed_it(
    client, campaign, cy, mailbox, later
):
    """It is on the page under their name, and they may not know of it."""
    comment = write_comment(campaign)
    desk = f"/admin/comments/comment/desk/{comment.pk}/"

    comment.moderated_by(cy).show()
    later()
    comment.moderated_by(cy).hide("hate")
    comment.moderated_by(cy).undo()
    later()

    assert [(m["To"], subject(m)) for m in mailbox.messages] == [
        ("ada@mail.example", "Is this your comment?")
    ]
    client.force_login(cy)
    marked = "The comment is on the page anyway."
    page = client.get(desk).text
    assert "Nobody has confirmed this address." in page
    assert marked in page
    client.post(mailbox.path_to("confirmation"))
    page = client.get(desk).text
    assert "The owner of the address has confirmed this comment." in page
    assert marked not in page


def test_no_address_in_a_reply_can_be_clicked_in_its_mail(campaign, cy, mailbox, later):
    words = (
        "See https://casino.example/a, www.pills.example or me@x.example. Thanks. "
        "Evil.Com, casino.中国 and evil。com cost 3.50."
    )
    comment = confirmed(campaign, wants_replies=True)
    comment.moderated_by(cy).show()
    reply = confirmed(campaign, words, parent=comment, email="di@mail.example")
    later()
    mailbox.clear()

    reply.moderated_by(cy).show()
    later()

    said = "https[://]casino[.]example/a, www[.]pills[.]example or me[@]x[.]example."
    html = mailbox.last().get_body(("html",)).get_content()
    for written in (mailbox.text(), html):
        assert said in " ".join(written.split())
        assert (
            "Thanks. Evil[.]Com, casino[.]中国 and evil[。]com cost 3.50."
            in " ".join(written.split())
        )
        assert "casino.example" not in written


def test_who_wants_mail_about_a_held_comment_is_asked_once_it_was_approved(
    campaign, cy, mailbox, later
):
    """While it was held, the question was not mailed."""
    trapped = [RuleFinding("honeypot")]
    comment = write_comment(campaign, findings=trapped, wants_news=True)
    later()
    assert mailbox.messages == []

    comment.moderated_by(cy).show()
    later()

    assert subjects(mailbox) == ["Is this your comment?"]


def test_a_known_writer_who_wants_no_mail_gets_none(campaign, cy, mailbox, later):
    first = confirmed(campaign, "My first one.")
    first.moderated_by(cy).show()
    later()
    mailbox.clear()

    owner = first.confirmation.supporter
    owner.refresh_from_db()
    again = write_comment(campaign, "My second one.", proven=owner)
    later()

    assert again.is_shown
    assert mailbox.messages == []
