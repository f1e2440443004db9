"""The mail to moderators: the morning digest of what waits."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments import desk_mail
from comments.models import Comment
from comments.rules import RuleFinding
from outbox.models import Reason, Suppression
from tests.factories import make_campaign, make_comment, make_staff, write_comment

pytestmark = pytest.mark.django_db
PILLS = [RuleFinding("word", "pills")]


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators", email="cy@site.example")


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def digest(mailbox, work):
    """A function that does what the morning does."""

    def digest():
        desk_mail.send_comment_digests(timestamp=0)
        work()
        return receivers(mailbox)

    return digest


def receivers(mailbox):
    return sorted(message["To"] for message in mailbox.messages)


def let_wait(comment, **how_long):
    since = timezone.now() - timedelta(**how_long)
    Comment.objects.filter(pk=comment.pk).update(queued_at=since)


def test_the_digest_goes_to_who_may_decide_and_wants_it(digest, cy, campaign):
    write_comment(campaign)
    make_staff("root", is_superuser=True, email="root@site.example")
    make_staff("bo", "Campaigners", email="bo@site.example")
    make_staff("di", "Moderators")
    make_staff("el", "Moderators", email="el@site.example", is_active=False)
    fay = make_staff("fay", "Moderators", email="fay@site.example")
    Suppression.objects.put(fay.email, Reason.STOPPED, purpose=desk_mail.DIGEST)

    assert digest() == ["cy@site.example", "root@site.example"]


def test_nobody_is_mailed_when_nothing_waits(digest, cy, campaign):
    make_comment(campaign)

    assert digest() == []


def test_nobody_is_mailed_when_all_was_done_meanwhile(mailbox, work, cy, campaign):
    comment = write_comment(campaign)
    desk_mail.send_comment_digests(timestamp=0)
    comment.moderated_by(cy).mark_spam()

    work()

    assert mailbox.messages == []


def test_the_digest_as_its_reader_sees_it(digest, mailbox, cy, campaign):
    di = make_staff("di", "Moderators")
    let_wait(write_comment(campaign, "<b>Secret words.</b>"), days=2)
    write_comment(campaign, findings=PILLS)
    make_comment(campaign).report(reason="hate", words="", network_hash="a")
    hidden = write_comment(campaign)
    hidden.moderated_by(di).hide("hate")
    hidden.by_writer.appeal("No.")

    digest()

    text = mailbox.text().replace("\r\n", "\n")
    assert mailbox.last()["Subject"] == "3 comments wait for you"
    assert "  New comments: 1\n" in text
    assert "  Reported: 1\n" in text
    assert "  Appeals: 1\n" in text
    assert "  Likely spam, not counted above: 1\n" in text
    assert f"- New, on “{campaign.full_title}”: waiting for 2\xa0days\n" in text
    html = mailbox.last().get_body(("html",)).get_content()
    desk = "http://testserver/admin/comments/comment/desk/"
    others = Comment.objects.filter(spam_points=0)
    for address in (desk, *(f"{desk}{each.pk}/" for each in others)):
        assert f"{address}\n" in text
        assert f'href="{address}"' in html
    assert text.count(f"{desk}") == 4
    for written in (text, html):
        assert "Secret words" not in written
        assert "ada@mail.example" not in written


def test_the_digest_says_one_when_there_is_one(digest, mailbox, cy, campaign):
    write_comment(campaign)

    digest()

    assert mailbox.last()["Subject"] == "1 comment waits for you"
    assert "spam" not in mailbox.text()


def test_likely_spam_alone_is_called_that(digest, mailbox, cy, campaign):
    write_comment(campaign, findings=PILLS)

    digest()

    assert mailbox.last()["Subject"] == "Only likely spam waits"
    assert "Likely spam, not counted above: 1" in mailbox.text()


def test_of_very_many_the_digest_links_those_that_wait_longest(
    digest, mailbox, cy, campaign
):
    for number in range(12):
        let_wait(write_comment(campaign, f"Number {number}."), days=number + 1)

    digest()

    links = re.findall(r"/comment/desk/(\d+)/", mailbox.text())
    oldest = Comment.objects.order_by("queued_at")[:10]
    assert links == [str(comment.pk) for comment in oldest]
    assert "And 2 more." in mailbox.text()


def test_the_link_of_the_mail_leads_to_the_desk(digest, mailbox, client, cy, campaign):
    write_comment(campaign, "Please look at me.")
    digest()
    path, _desk = re.findall(r"http://testserver(/admin/\S+)", mailbox.text())

    stranger = client.get(path)
    client.force_login(cy)
    page = client.get(path)

    assert stranger.url == f"/admin/login/?next={path}"
    assert "Please look at me." in page.text


@pytest.mark.usefixtures("cy")
def test_a_mail_program_stops_the_mails_with_one_click(
    digest, mailbox, stranger, campaign
):
    let_wait(write_comment(campaign), hours=25)
    digest()
    mail = mailbox.last()
    [path] = re.findall(r"^<http://testserver(/\S+)>$", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"Unsubscribe:\r\nhttp://testserver{path}" in mailbox.text()
    mailbox.clear()

    opened = stranger.get(path)
    assert "Stop emails called “Digest for moderators”?" in opened.text
    assert digest() == ["cy@site.example"]
    mailbox.clear()
    answers = [
        stranger.post(path, {"List-Unsubscribe": "One-Click"}) for _twice in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert digest() == []


def test_a_moderator_has_the_mails_sent_again(digest, mailbox, stranger, cy, campaign):
    write_comment(campaign)
    digest()
    path = (
        mailbox.last()["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    )
    stranger.post(path)
    mailbox.clear()

    stranger.post(path, {"resume": ""})

    assert digest() == ["cy@site.example"]


def test_each_moderator_stops_only_their_own(digest, mailbox, cy, campaign):
    di = make_staff("di", "Moderators", email="di@site.example")
    write_comment(campaign)

    digest()

    links = {message["List-Unsubscribe"] for message in mailbox.messages}
    assert len(links) == 2
    Suppression.objects.put(di.email, Reason.STOPPED, purpose=desk_mail.DIGEST)
    mailbox.clear()
    assert digest() == ["cy@site.example"]


def test_an_appeal_counts_once_though_the_comment_showed_before(
    digest, mailbox, cy, campaign
):
    comment = write_comment(campaign)
    comment.moderated_by(cy).show()
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.appeal("It is not.")
    write_comment(campaign, "Another one.")

    digest()

    text = mailbox.text().replace("\r\n", "\n")
    assert "New comments: 1\n" in text
    assert "Reported: 0\n" in text
    assert "Appeals: 1\n" in text
