"""Each decision of the desk, through its buttons, and its undo."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from comments.models import Comment, Moderation, Thread
from safeguards.blocks import Block
from tests.comments.desk import DESK, opened, queue, state, undo_offered
from tests.factories import make_comment, write_comment

pytestmark = pytest.mark.django_db


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

    page = desk(comment, "block", what="address", days="0")
    for _pressed_twice in range(2):
        desk(comment, "block", what="network", days="0")

    assert "On the block list." in page.text
    assert set(Block.objects.values_list("kind", "value", "added_by")) == {
        ("address", "ada@mail.example", cy.pk),
        ("network", "f" * 32, cy.pk),
    }
    forgotten = make_comment(campaign)
    page = desk(forgotten, "block", what="network", days="0")
    assert "We no longer have it" in page.text


def test_a_block_ends_and_never_earlier_than_was_said(desk, campaign):
    comment = write_comment(campaign)
    now = timezone.now()

    ends = []
    for days in ("30", "7", "365", "0", "7"):
        desk(comment, "block", what="address", days=days)
        end = Block.objects.get().ends_at
        ends.append(end and round((end - now) / timedelta(days=1)))

    assert ends == [30, 30, 365, None, None]


@pytest.mark.parametrize("days", ["", "8", "-1", "x"])
def test_a_block_says_for_how_long(desk, campaign, days):
    page = desk(write_comment(campaign), "block", what="address", days=days)

    assert page.status_code == 422
    assert "Choose for how long." in page.text
    assert not Block.objects.exists()


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


def test_a_decision_that_changes_nothing_is_not_said_to_be_done(desk, campaign):
    comment = make_comment(campaign)
    desk(comment, "note", words="A note.")
    desk(comment, "pin")

    page = desk(comment, "show")

    assert 'class="desk-done"' not in page.text
    assert comment.moderations.count() == 2
