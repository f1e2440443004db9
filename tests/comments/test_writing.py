"""Writing a comment through the forms, and the page after posting."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Thread
from safeguards.judging import judge
from supporters.models import Consent, Supporter
from tests.factories import (
    make_campaign,
    make_comment,
    make_ended_campaign,
    make_staff,
    prove,
    write_comment,
)

pytestmark = pytest.mark.django_db
PATH = "/campaign-1/comments/"
# As far as it says what is asked of which table.
STATEMENT = re.compile(r"SELECT.*? FROM \S+|UPDATE \S+|INSERT INTO \S+|\w+", re.S)
TYPED = {"name": "Ada L.", "email": "ada@mail.example", "text": "Please\r\nhelp."}


@pytest.fixture
def campaign():
    return make_campaign()


def post(client, path=PATH, **fields):
    return client.post(path, {**TYPED, **fields})


def known_writer(campaign, client):
    """Ada, whose browser has confirmed her address, and whom Cy has approved before."""
    comment = write_comment(campaign, "My first one.", name=TYPED["name"])
    comment.moderated_by(None).show()
    comment.confirmation.issue_code(1)  # as the mail that asks does
    client.post(
        comment.inbox_url + "code/", {"code": comment.confirmation.code}, follow=True
    )
    return comment


def test_a_comment_waits_and_the_page_says_so(client, campaign):
    answer = post(client)
    page = client.get(answer["Location"])

    comment = Comment.objects.get()
    assert comment.state == "waiting"
    assert comment.text == "Please\nhelp."
    assert "Thank you. A person will read your comment." in page.text
    assert "Please<br>help." in page.text
    assert "This can take a day." in page.text
    assert page["Cache-Control"] == "no-store"
    assert "Please<br>help." not in client.get("/campaign-1/").text


def test_the_address_shows_nowhere(client, campaign):
    comment = write_comment(campaign)
    comment.moderated_by(None).show()

    for path in ("/campaign-1/", PATH, f"{PATH}feed/", f"{PATH}{comment.pk}/reply/"):
        assert "ada@mail.example" not in client.get(path).text


def test_what_was_agreed_to_is_kept_with_its_words(client, campaign):
    post(client, wants_replies="on")

    kinds = {consent.kind: consent.words for consent in Consent.objects.all()}
    assert kinds["comment replies"] == "Email me when somebody replies to me"
    assert "never show" in kinds["comment"]
    assert set(kinds) == {"comment", "comment replies"}


@pytest.mark.parametrize("fields", [{}, {"wants_news": "on"}])
def test_a_mail_goes_out_only_when_it_was_asked_for(
    client, campaign, mailbox, work, fields
):
    post(client, **fields)
    work()

    assert len(mailbox.messages) == (1 if fields else 0)
    if fields:
        assert "Ada" not in mailbox.last().as_string()
        assert "help" not in mailbox.text()
        assert "the comment may still appear" in mailbox.text()
        page = client.get(mailbox.path_to("confirmation")).text
        assert "it may still appear, without your email address." in page


def test_without_text_nothing_is_stored_and_the_rest_is_kept(client, campaign):
    page = post(client, text="  \r\n ")

    assert page.status_code == 422
    assert "Write your comment." in page.text
    assert 'value="Ada L."' in page.text
    assert 'value="ada@mail.example"' in page.text
    assert not Comment.objects.exists()


def test_a_reply_has_a_page_of_its_own(client, campaign):
    comment = make_comment(campaign, "When is the vote?", name="Bo")

    form = client.get(f"{PATH}{comment.pk}/reply/")
    post(client, parent=str(comment.pk))

    assert "Reply to <bdi>Bo</bdi>" in form.text
    assert "When is the vote?" in form.text
    assert f'name="parent" value="{comment.pk}"' in form.text
    reply = Comment.objects.latest("pk")
    assert (reply.parent, reply.root) == (comment, comment)


@pytest.mark.parametrize("parent", ["hidden", "foreign", "999999", "x", "9" * 30])
def test_a_reply_to_what_does_not_show_keeps_the_text(client, campaign, parent):
    comment = make_comment(campaign)
    comment.moderated_by(None).hide("hate")
    foreign = make_comment(make_campaign())
    parent = {"hidden": comment.pk, "foreign": foreign.pk}.get(parent, parent)

    page = post(client, parent=str(parent), text="My long answer.")

    assert page.status_code == 422
    assert "The comment you reply to is no longer shown." in page.text
    assert "My long answer." in page.text
    assert 'name="parent" value=""' in page.text
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("how", ["ended", "date", "hand"])
def test_a_closed_thread_takes_no_comment(client, how):
    campaign = make_ended_campaign() if how == "ended" else make_campaign()
    comment = make_comment(campaign)
    thread = Thread.objects.get()
    if how == "date":
        Thread.objects.update(closes_at=timezone.now())
    elif how == "hand":
        thread.close()

    answers = [post(client), client.get(f"{PATH}{comment.pk}/reply/")]

    for answer in answers:
        assert answer.status_code == 410
        assert "Comments here are closed" in answer.text
    assert Comment.objects.count() == 1
    assert (
        "Comments here are closed. You can still read them."
        in client.get("/campaign-1/").text
    )


def test_for_some_minutes_the_writer_can_change_it(client, campaign):
    inbox = post(client)["Location"]

    form = client.get(f"{inbox}text/")
    client.post(f"{inbox}text/", {"text": "Better words."})

    comment = Comment.objects.get()
    assert "Please\nhelp.</textarea>" in form.text
    assert comment.text == "Better words."
    assert comment.edited_at is not None
    assert "Better words." in client.get(inbox).text


@pytest.mark.parametrize("minutes", [14, 16])
def test_after_fifteen_minutes_it_is_too_late(client, campaign, minutes):
    inbox = post(client)["Location"]

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        answers = [
            client.post(f"{inbox}text/", {"text": "Changed."}).status_code,
            client.post(f"{inbox}removal/").status_code,
        ]

    comment = Comment.objects.get()
    if minutes == 14:
        assert answers == [302, 200]
        assert comment.is_removed
    else:
        assert answers == [410, 410]
        assert comment.text == "Please\nhelp."


@pytest.mark.parametrize("page", ["after posting", "of the writer"])
def test_what_was_answered_keeps_its_words(client, campaign, page):
    inbox = post(client)["Location"]
    cy, comment = make_staff("cy"), Comment.objects.get()
    comment.moderated_by(cy).show()
    answer = write_comment(campaign, "I agree.", parent=comment, email="bo@x.example")
    comment.confirm()
    prove(client, comment)
    path = f"{inbox}text/" if page == "after posting" else f"{comment.writer_url}text/"
    assert client.get(path).status_code == 200

    answer.moderated_by(cy).show()  # while somebody still types
    refused = client.post(path, {"text": "I disagree with the next one."})

    assert refused.status_code == (410 if page == "after posting" else 409)
    assert "Somebody has answered your comment" in refused.text
    assert "I disagree with the next one." in refused.text
    comment.refresh_from_db()
    assert comment.text == "Please\nhelp."
    client.post(f"{inbox}removal/")
    comment.refresh_from_db()
    assert comment.is_removed


def test_an_edit_does_not_slip_past_the_moderator(client, campaign):
    inbox = post(client)["Location"]
    Comment.objects.get().moderated_by(make_staff("cy")).show()

    client.post(f"{inbox}text/", {"text": "Something else."})

    assert Comment.objects.get().is_waiting
    assert "Something else." not in client.get("/campaign-1/").text


def test_what_the_writer_takes_back_at_once_leaves_nothing(client, campaign):
    inbox = post(client)["Location"]
    asks = client.get(f"{inbox}removal/").text
    assert "Delete your comment?" in asks
    assert f'href="{inbox}">No, keep my comment' in asks
    assert not Comment.objects.get().is_removed

    page = client.post(f"{inbox}removal/")

    comment = Comment.objects.get()
    assert "Your comment is deleted" in page.text
    assert (comment.name, comment.text, comment.confirmation) == ("", "", None)
    assert not Comment.objects.queued().exists()
    assert client.get(inbox).status_code == 404


@pytest.mark.parametrize("end", ["", "text/"])
def test_the_page_after_posting_opens_with_its_token_alone(client, campaign, end):
    inbox = post(client)["Location"]

    assert client.get(f"{inbox}{end}").status_code == 200
    altered = inbox[:-2] + ("A" if inbox[-2] != "A" else "B") + "/"
    assert client.get(f"{altered}{end}").status_code == 404
    other = inbox.replace("campaign-1", make_campaign().slug)
    assert client.get(f"{other}{end}").status_code == 404


def test_nothing_of_the_journey_but_the_mail_opens_the_writers_page(client, campaign):
    answer = post(client, wants_news="on")
    page = client.get(answer["Location"])

    comment = Comment.objects.get()
    for text in (answer["Location"], page.text, str(page.headers)):
        assert comment.mail_key not in text
        assert comment.confirmation.link_key not in text


def test_enough_from_one_address_keeps_the_text_and_says_when(
    client, stranger, campaign, settings
):
    settings.LIMIT_COMMENTS = 2
    twenty_past = timezone.now().replace(minute=20, second=0, microsecond=0)
    with time_machine.travel(twenty_past + timedelta(hours=1), tick=False):
        for number in range(2):
            post(client, text=f"Number {number}")
        page = post(client, text="Number 3")
        other = post(client, text="Another", email="bo@mail.example")

    assert page.status_code == 422
    assert "Try again in 41 minutes" in page.text
    assert "Number 3</textarea>" in page.text
    assert other.status_code == 302
    assert Comment.objects.count() == 3


def test_nobody_is_shut_out_by_who_types_their_address(
    client, stranger, campaign, mailbox, settings
):
    settings.LIMIT_COMMENTS = 1
    known_writer(campaign, client)
    headers = {"sec-fetch-site": "same-origin"}
    for number in range(3):
        stranger.post(PATH, {**TYPED, "text": f"Fake {number}"}, headers=headers)

    answer = post(client, text="The real one.")

    assert answer.status_code == 302


def test_another_sites_form_is_refused(stranger, campaign):
    answer = stranger.post(PATH, TYPED, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_a_report_goes_to_the_moderators(client, campaign):
    comment = make_comment(campaign, "Rude words.")
    path = f"{PATH}{comment.pk}/report/"

    form = client.get(path)
    empty = client.post(path, {"words": "What I wrote."})
    typed = {"reason": "hate", "words": "What I wrote."}
    done = client.post(path, typed, follow=True)

    assert "Rude words." in form.text
    assert empty.status_code == 422
    assert "What I wrote.</textarea>" in empty.text
    assert "Thank you. A moderator will look at it." in done.text
    [report] = comment.reports.all()
    assert (report.reason, report.words) == ("hate", "What I wrote.")
    assert list(Comment.objects.queued()) == [comment]
    assert "Rude words." in client.get("/campaign-1/").text


def test_the_same_statements_for_a_new_and_a_known_address(client, campaign):
    known = write_comment(campaign, "First.")
    known.moderated_by(None).show()
    known.confirmation.use()
    judge(name="Ada")  # learns the names that nobody else may sign with
    asked = []
    for email in ("new@mail.example", "ada@mail.example"):
        with CaptureQueriesContext(connection) as queries:
            post(client, email=email, text=f"From {email}")
        asked.append([STATEMENT.match(q["sql"])[0] for q in queries])

    assert asked[0] == asked[1]
    assert Supporter.objects.count() == 2
