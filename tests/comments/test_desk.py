"""The desk through its pages: each decision and its undo, two moderators at once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Moderation, Thread
from comments.rules import RuleFinding
from safeguards.blocks import Block
from tests.factories import make_campaign, make_comment, make_staff, write_comment

pytestmark = pytest.mark.django_db
DESK = "/admin/comments/comment/desk/"
SPAM = [RuleFinding("word", "pills"), RuleFinding("links", "4")]


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators")


@pytest.fixture
def di():
    return make_staff("di", "Moderators")


@pytest.fixture
def campaign():
    return make_campaign(title="Bucheon")


@pytest.fixture
def desk(client, cy):
    """A function that presses a button of the desk as Cy, and follows."""
    client.force_login(cy)
    return pressing(client)


def pressing(client):
    def press(comment, decision, *, seen=None, **fields):
        comment = Comment.objects.get(pk=comment.pk)
        fields.setdefault("seen", comment.version if seen is None else seen)
        return client.post(
            f"{DESK}{comment.pk}/decisions/",
            {"decision": decision, **fields},
            follow=True,
        )

    return press


def undo_offered(page):
    """Press the Undo button that stands beside what was done."""
    part = page.text.split('class="desk-done"')[1].split("</form>")[0]
    [action] = re.findall(r'action="([^"]+)"', part)
    [last] = re.findall(r'name="last" value="(\d+)"', part)
    return page.client.post(action, {"decision": "undo", "last": last}, follow=True)


def opened(page):
    """The name over the comment that the page shows."""
    return re.search(r'id="desk-name"><bdi>(.*?)</bdi>', page.text)[1]


def queue(page):
    """The names in the list beside it."""
    aside = page.text.split('<aside class="desk-queue"')[1]
    return re.findall(r"<b><bdi>(.*?)</bdi></b>", aside)


def state(comment):
    return Comment.objects.values().get(pk=comment.pk) | {"version": 0}


def test_the_oldest_comes_first_and_likely_spam_last_with_what_was_found(
    client, cy, campaign
):
    client.force_login(cy)
    write_comment(campaign, name="Spam", findings=SPAM)
    write_comment(campaign, name="First")
    write_comment(campaign, name="Second")

    page = client.get(DESK)

    assert opened(page) == "First"
    assert queue(page) == ["First", "Second", "Spam"]
    aside = page.text.split('<aside class="desk-queue"')[1]
    assert aside.index("Second") < aside.index("<h3>Likely spam</h3>")
    assert "a word on the block list: pills, web addresses: 4" in aside
    assert "3 waiting, 1 of these is likely spam" in page.text


def test_the_desk_shows_what_one_needs_to_decide(client, cy, di, campaign):
    client.force_login(cy)
    parent = make_comment(campaign, "When is the vote?", name="Bo")
    earlier = write_comment(campaign, "Earlier words.")
    earlier.moderated_by(di).show()
    hidden = write_comment(campaign, "Hidden words.")
    hidden.moderated_by(di).hide("hate")
    comment = write_comment(
        campaign, "Buy <b>pills</b>", parent=parent, findings=SPAM[:1]
    )
    comment.moderated_by(di).note("Seen him before?")

    text = client.get(f"{DESK}{comment.pk}/").text

    assert "Bucheon" in text
    assert "In reply to Bo" in text
    assert "When is the vote?" in text
    assert "Buy &lt;b&gt;pills&lt;/b&gt;" in text
    assert "a word on the block list: pills" in text
    assert "ada@mail.example" in text
    assert (
        "Other comments from this address: 1 shown, 1 hidden, 0 spam, 0 waiting."
        in text
    )
    assert "Earlier words." in text
    assert "Seen him before?" in text


def test_reports_and_appeals_stand_beside_their_comment(client, cy, di, campaign):
    client.force_login(cy)
    reported = make_comment(campaign, name="Reported")
    reported.report(reason="private", words="My number.", network_hash="a")
    appealed = write_comment(campaign, name="Appealed")
    appealed.moderated_by(di).hide("hate", "Line two.")
    appealed.by_writer.appeal("It says nothing of the kind.")

    report = client.get(f"{DESK}{reported.pk}/").text
    appeal = client.get(f"{DESK}{appealed.pk}/").text

    assert "Reported by 1 reader" in report
    assert "It shows private details" in report
    assert "My number." in report
    assert "Hidden by di" in appeal
    assert "It attacks people because of who they are." in appeal
    assert "Line two." in appeal
    assert "It says nothing of the kind." in appeal


def test_opening_a_comment_changes_nothing(client, cy, campaign):
    client.force_login(cy)
    comment = write_comment(campaign)
    before = Comment.objects.values().get()

    client.get(DESK)
    client.get(f"{DESK}{comment.pk}/?after=1&page=2")
    answer = client.get(f"{DESK}{comment.pk}/decisions/")

    assert answer.status_code == 405
    assert Comment.objects.values().get() == before


DECISIONS = {
    "show": {},
    "hide": {"reason": "private", "words": "A number."},
    "spam": {},
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_brings_the_next_one_up_and_can_be_undone(desk, campaign, decision):
    comment = write_comment(campaign, name="First")
    write_comment(campaign, name="Second")
    before = state(comment)

    page = desk(comment, decision, **DECISIONS[decision])

    assert opened(page) == "Second"
    assert queue(page) == ["Second"]
    done = state(comment)
    assert (bool(done["shown_at"]), done["hidden_for"], done["hidden_words"]) == {
        "show": (True, "", ""),
        "hide": (False, "private", "A number."),
        "spam": (False, "spam", ""),
    }[decision]
    page = undo_offered(page)
    assert opened(page) == "First"
    assert queue(page) == ["First", "Second"]
    assert state(comment) == before


def test_keeping_and_hiding_what_was_reported(desk, campaign):
    kept, hidden = make_comment(campaign, name="A"), make_comment(campaign, name="B")
    for comment in (kept, hidden):
        comment.report(reason="hate", words="", network_hash="a")

    page = desk(kept, "show")
    assert "Kept, reports answered:" in page.text
    desk(hidden, "hide", reason="hate")

    assert state(kept)["hidden_at"] is None
    assert state(hidden)["hidden_for"] == "hate"
    assert not Comment.objects.queued().exists()


def test_pinning_and_unpinning_and_their_undo(desk, campaign):
    comment = make_comment(campaign)

    page = desk(comment, "pin")
    assert state(comment)["pinned_at"]
    assert ">Unpin</button>" in page.text
    undo_offered(page)
    assert state(comment)["pinned_at"] is None
    desk(comment, "pin")
    page = desk(comment, "unpin")

    assert state(comment)["pinned_at"] is None
    undo_offered(page)
    assert state(comment)["pinned_at"]


def test_a_note_is_read_by_the_other_moderators_and_by_nobody_else(
    desk, client, di, campaign
):
    comment = make_comment(campaign)

    desk(comment, "note", words="Ask Di first.")

    client.force_login(di)
    assert "Ask Di first." in client.get(f"{DESK}{comment.pk}/").text
    assert "Ask Di first." not in client.get("/campaign-1/comments/").text


def test_a_passage_is_removed_after_a_second_question(desk, campaign):
    comment = write_comment(campaign, "Call 555-0100\nnow <b>.")

    asked = desk(comment, "redact", passage="555-0100\r\nnow")
    assert state(comment)["text"] == "Call 555-0100\nnow <b>."
    assert "Call [removed by a moderator] &lt;b&gt;." in asked.text
    assert "You cannot undo this." in asked.text
    page = desk(comment, "redact", passage="555-0100\r\nnow", sure="1")

    assert state(comment)["text"] == "Call [removed by a moderator] <b>."
    assert opened(page) == "Ada Lovelace"
    assert "555" not in page.text
    assert 'value="undo"' not in page.text


def test_a_passage_that_is_not_in_the_text_stays_in_its_field(desk, campaign):
    comment = write_comment(campaign, "Call me.")

    page = desk(comment, "redact", passage="555-0100", sure="1")

    assert page.status_code == 422
    assert "This passage is not in the text." in page.text
    assert "555-0100</textarea>" in page.text
    assert state(comment)["text"] == "Call me."


def test_an_answer_shows_with_what_it_answers(desk, client, campaign):
    comment = write_comment(campaign, "When is the vote?")

    for _pressed_twice in range(2):
        desk(comment, "answer", text="On Tuesday.")

    thread = client.get("/campaign-1/comments/").text
    assert "When is the vote?" in thread
    assert thread.count("On Tuesday.") == 1
    assert '<span class="badge">The campaign</span>' in thread
    assert Thread.objects.get().comment_count == 2


def test_an_answer_can_be_hidden_again(desk, client, campaign):
    comment = make_comment(campaign)
    desk(comment, "answer", text="On Tuesday.")
    answer = comment.replies.get()

    page = desk(answer, "hide", reason="other", words="It is Wednesday.")

    assert "On Tuesday." not in client.get("/campaign-1/comments/").text
    cache.clear()
    undo_offered(page)
    assert "On Tuesday." in client.get("/campaign-1/comments/").text


def test_the_address_and_the_network_of_a_writer_are_blocked(desk, cy, campaign):
    comment = write_comment(campaign, network_hash="f" * 32)

    page = desk(comment, "block", what="address")
    desk(comment, "block", what="network")
    desk(comment, "block", what="network")

    assert "On the block list." in page.text
    assert set(Block.objects.values_list("kind", "value", "added_by")) == {
        ("address", "ada@mail.example", cy.pk),
        ("network", "f" * 32, cy.pk),
    }
    forgotten = make_comment(campaign)
    page = desk(forgotten, "block", what="network")
    assert "We no longer have it" in page.text


def test_a_comment_is_taken_and_let_go(desk, client, cy, di, campaign):
    comment = write_comment(campaign)

    page = desk(comment, "claim")
    assert "You are looking at it." in page.text
    client.force_login(di)
    assert "cy is looking at it." in client.get(f"{DESK}{comment.pk}/").text
    client.force_login(cy)
    desk(comment, "let-go")

    assert state(comment)["claimed_by_id"] is None


def test_taking_one_lets_the_others_go(desk, cy, campaign):
    first, second = write_comment(campaign), write_comment(campaign)

    desk(first, "claim")
    desk(second, "claim")

    assert list(Comment.objects.filter(claimed_by=cy)) == [second]


def test_what_another_looks_at_does_not_come_up(desk, di, campaign):
    first, second, third = (write_comment(campaign, name=n) for n in "ABC")
    second.moderated_by(di).claim()

    page = desk(first, "show")
    assert opened(page) == "C"
    assert queue(page) == ["B", "C"]
    page = desk(third, "show")
    assert "Nothing is waiting" not in page.text

    assert opened(page) == "B"
    assert "di is looking at it." in page.text


def test_of_two_moderators_the_second_is_told_and_keeps_what_they_wrote(
    desk, client, di, campaign
):
    comment = write_comment(campaign)
    seen = comment.version
    comment.moderated_by(di).show()

    page = desk(comment, "hide", seen=seen, reason="other", words="My own words.")

    assert page.status_code == 409
    assert "di was faster: approved. We changed nothing. Look again." in page.text
    assert "My own words.</textarea>" in page.text
    assert re.search(r'value="other"[^>]*checked', page.text)
    assert state(comment)["hidden_at"] is None
    page = desk(comment, "hide", reason="other", words="My own words.")
    assert state(comment)["hidden_words"] == "My own words."


@pytest.mark.parametrize(
    ("decision", "field"), [("note", "words"), ("answer", "text"), ("hide", "words")]
)
def test_who_writes_while_another_has_taken_it_keeps_the_words(
    desk, di, campaign, decision, field
):
    comment = write_comment(campaign)
    comment.moderated_by(di).claim()

    page = desk(comment, decision, reason="hate", **{field: "Long and thoughtful."})

    assert page.status_code == 409
    assert "di is looking at this one. We changed nothing." in page.text
    assert "Long and thoughtful.</textarea>" in page.text
    assert not comment.moderations.exists()


def test_a_button_that_is_pressed_twice_is_meant_once(desk, campaign):
    comment = write_comment(campaign, name="First")
    write_comment(campaign, name="Second")
    seen = comment.version

    desk(comment, "show", seen=seen)
    page = desk(comment, "show", seen=seen)

    assert page.status_code == 200
    assert comment.moderations.count() == 1


def test_ones_own_decision_is_not_judged_on_appeal(desk, cy, di, campaign):
    comment = write_comment(campaign, name="Appealed")
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.appeal("No.")
    other = write_comment(campaign, name="Other")

    assert opened(desk(other, "note", words="x")) == "Other"
    page = desk(comment, "show")

    assert page.status_code == 409
    assert "You hid this comment, so another moderator decides" in page.text
    assert state(comment)["shown_at"] is None
    client = Client()
    client.force_login(di)
    page = pressing(client)(comment, "hide", reason="hate", words="Still.")
    assert "Kept hidden after an appeal:" in page.text
    assert state(comment)["appeal_decided_at"]
    undo_offered(page)
    assert state(comment)["appeal_decided_at"] is None


def test_an_undo_takes_back_only_what_its_button_was_about(desk, cy, di, campaign):
    comment = write_comment(campaign)
    desk(comment, "show")
    mine = Moderation.objects.get()
    comment.moderated_by(di).hide("hate")

    page = desk(comment, "undo", last=mine.pk)

    assert page.status_code == 409
    assert "You can no longer undo this" in page.text
    assert state(comment)["hidden_for"] == "hate"
    assert desk(comment, "undo", last=0).status_code == 409


def test_what_is_too_old_is_not_undone(desk, client, cy, campaign):
    comment = write_comment(campaign)
    desk(comment, "show")
    decision = Moderation.objects.get()

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        client.force_login(cy)
        page = client.get(f"{DESK}{comment.pk}/")
        answer = desk(comment, "undo", last=decision.pk)

    assert 'value="undo"' not in page.text
    assert answer.status_code == 409
    assert state(comment)["shown_at"]


def test_another_reason_needs_words_and_hiding_needs_a_reason(desk, campaign):
    comment = write_comment(campaign)

    without_words = desk(comment, "hide", reason="other")
    without_reason = desk(comment, "hide", words="Some words.")

    assert without_words.status_code == without_reason.status_code == 422
    assert "Say what the reason is." in without_words.text
    assert "Choose a reason." in without_reason.text
    assert "Some words.</textarea>" in without_reason.text
    assert state(comment)["hidden_at"] is None


def test_what_its_writer_removed_offers_nothing(desk, campaign):
    comment = make_comment(campaign)
    comment.remove()

    page = desk(comment, "show")

    assert ">Removed</span>" in page.text
    assert 'name="decision" value="hide"' not in page.text
    assert not comment.moderations.exists()


def test_an_unknown_act_is_refused(desk, campaign):
    assert desk(write_comment(campaign), "destroy").status_code == 400


def test_an_empty_queue_says_so(client, cy):
    client.force_login(cy)

    page = client.get(DESK)

    assert "Nothing is waiting. Thank you." in page.text


def test_a_campaigner_sees_the_desk_and_does_nothing_there(client, campaign):
    client.force_login(make_staff("bo", "Campaigners"))
    comment = write_comment(campaign)

    page = client.get(DESK)
    answers = {
        decision: pressing(client)(
            comment, decision, words="w", reason="hate"
        ).status_code
        for decision in ("show", "hide", "spam", "note", "claim", "undo")
    }

    assert opened(page) == "Ada Lovelace"
    assert "/decisions/" not in page.text.split('<div class="desk">')[1]
    assert "ada@mail.example" not in page.text
    assert set(answers.values()) == {403}
    assert not Moderation.objects.exists()


def test_strangers_and_forged_forms_do_nothing(campaign, cy):
    comment = write_comment(campaign)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cy)

    assert Client().get(DESK).status_code == 302
    assert Client().post(
        f"{DESK}{comment.pk}/decisions/", {"decision": "show"}
    ).status_code == (302)
    answer = forged.post(
        f"{DESK}{comment.pk}/decisions/", {"decision": "show", "seen": comment.version}
    )
    assert answer.status_code == 403
    assert state(comment)["shown_at"] is None


def test_the_desk_is_linked_with_what_waits(client, cy, campaign):
    client.force_login(cy)
    write_comment(campaign)
    write_comment(campaign)

    first_page = client.get("/admin/").text
    assert "<strong>2</strong> <span>comments wait for a moderator" in first_page
    listed = client.get("/admin/comments/comment/").text
    assert f'<a href="{DESK}">Moderators’ desk: 2 waiting</a>' in listed


def test_the_queue_has_pages(client, cy, campaign):
    client.force_login(cy)
    for number in range(30):
        write_comment(campaign, name=f"N{number}")

    first, second = client.get(DESK), client.get(DESK, {"page": "2"})

    assert queue(first) == [f"N{n}" for n in range(25)]
    assert queue(second) == [f"N{n}" for n in range(25, 30)]
    assert opened(second) == "N25"
    assert "Page 2 of 2" in second.text
    last = Comment.objects.get(name="N24")
    following = Comment.objects.get(name="N25")
    page = client.get(f"{DESK}{last.pk}/")
    assert f'href="{DESK}{following.pk}/" data-key="j"' in page.text


def test_the_desk_costs_the_same_with_1_and_30_in_the_queue(client, cy, di, campaign):
    client.force_login(cy)
    write_comment(campaign, "Earlier.").moderated_by(di).show()
    costs = []
    for size in (1, 30):
        while Comment.objects.queued().count() < size:
            number = Comment.objects.count()
            comment = write_comment(
                campaign, name=f"N{number}", text=f"t{number}", findings=SPAM[1:]
            )
            comment.moderated_by(di).note("A note.")
        first = Comment.objects.queued().order_by("pk").first()
        first.moderated_by(di).note("Once more.")
        client.get(f"{DESK}{first.pk}/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"{DESK}{first.pk}/")
        assert len(queue(page)) == min(size, 25)
        costs.append(len(queries))

    assert len(set(costs)) == 1
    assert costs[0] < 25


def test_a_decision_that_changes_nothing_is_not_said_to_be_done(desk, campaign):
    comment = make_comment(campaign)
    desk(comment, "note", words="A note.")
    desk(comment, "pin")

    page = desk(comment, "show")

    assert 'class="desk-done"' not in page.text
    assert comment.moderations.count() == 2
