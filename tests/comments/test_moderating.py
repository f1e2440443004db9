"""Every decision of a moderator, its undo, and two moderators at once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from comments.models import Comment, Thread
from comments.moderating import CannotUndo, Collision, NeedsAnother
from tests.factories import make_campaign, make_comment, make_staff, write_comment

pytestmark = pytest.mark.django_db
STATE = (
    "state",
    "shown_at",
    "hidden_at",
    "hidden_by",
    "hidden_for",
    "hidden_words",
    "pinned_at",
    "queued_at",
    "appeal_outcome",
)


@pytest.fixture
def comment():
    return write_comment(make_campaign())


def state(comment):
    comment.refresh_from_db()
    return {field: getattr(comment, field) for field in STATE}


def shown_count(comment):
    return Thread.objects.get(campaign=comment.campaign).comment_count


def test_showing_lets_everybody_read_it(comment, cy):
    comment.moderated_by(cy).show()
    comment.moderated_by(cy).show()

    assert comment.is_shown
    assert comment.first_decided_at == comment.shown_at
    assert comment.queued_at is None
    assert shown_count(comment) == 1
    assert [m.decision for m in comment.moderations.all()] == ["show"]


def test_hiding_takes_it_off_the_page_with_a_reason(comment, cy):
    comment.moderated_by(cy).show()

    comment.moderated_by(cy).hide("private", "A telephone number.")
    comment.moderated_by(cy).hide("spam")

    assert comment.state == "hidden"
    assert (comment.hidden_for, comment.hidden_words) == (
        "private",
        "A telephone number.",
    )
    assert comment.hidden_by == cy
    assert shown_count(comment) == 0


DECISIONS = {
    "show": lambda by: by.show(),
    "hide": lambda by: by.hide("hate", "words"),
    "spam": lambda by: by.mark_spam(),
}
SHOWN_DECISIONS = {
    "pin": lambda by: by.pin(),
    "hide": lambda by: by.hide("hate"),
    "spam": lambda by: by.mark_spam(),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_on_what_waits_can_be_undone_by_somebody_else(
    comment, cy, di, decision
):
    before = state(comment)

    DECISIONS[decision](comment.moderated_by(cy))
    changed = state(comment)
    comment.moderated_by(di).undo()

    assert changed != before
    assert state(comment) == before
    assert shown_count(comment) == 0
    with pytest.raises(CannotUndo):
        comment.moderated_by(di).undo()


@pytest.mark.parametrize("decision", SHOWN_DECISIONS)
def test_a_decision_on_what_shows_can_be_undone(comment, cy, decision):
    comment.moderated_by(cy).show()
    before = state(comment)

    SHOWN_DECISIONS[decision](comment.moderated_by(cy))
    changed = state(comment)
    comment.moderated_by(cy).undo()

    assert changed != before
    assert state(comment) == before
    assert shown_count(comment) == 1


def test_acts_are_undone_one_after_the_other(comment, cy):
    waiting = state(comment)
    comment.moderated_by(cy).show()
    comment.moderated_by(cy).pin()
    comment.moderated_by(cy).hide("hate")

    for _times in range(3):
        comment.moderated_by(cy).undo()

    assert state(comment) == waiting


def test_after_thirty_days_nothing_is_undone(comment, cy):
    comment.moderated_by(cy).hide("hate")

    with (
        time_machine.travel(timezone.now() + timedelta(days=31)),
        pytest.raises(CannotUndo),
    ):
        comment.moderated_by(cy).undo()

    assert comment.state == "hidden"


def test_an_undo_does_not_show_what_nobody_has_read(comment, cy):
    comment.moderated_by(cy).show()
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.edit("Something worse.", [])

    with pytest.raises(CannotUndo):
        comment.moderated_by(cy).undo()

    assert comment.is_waiting


def test_keeping_a_reported_comment_answers_the_reports(cy):
    comment = make_comment(make_campaign())
    comment.report(reason="hate", words="", network_hash="a")
    comment.report(reason="spam", words="", network_hash="a")
    comment.report(reason="spam", words="", network_hash="b")
    queued = list(Comment.objects.queued())

    comment.moderated_by(cy).show()

    assert queued == [comment]
    assert comment.reports.count() == 2
    assert not comment.reports.filter(decided_at=None).exists()
    assert not Comment.objects.queued().exists()
    comment.moderated_by(cy).undo()
    assert list(Comment.objects.queued()) == [comment]
    assert comment.reports.filter(decided_at=None).count() == 2


def test_a_redacted_passage_is_gone_everywhere(cy):
    comment = make_comment(make_campaign(), "Call 555-0100 now. Again: 555-0100!")
    comment.report(reason="private", words="555-0100 is a phone", network_hash="a")
    comment.moderated_by(cy).note("Is 555-0100 his?")

    done = comment.moderated_by(cy).redact("555-0100")

    assert done
    mark = "[removed by a moderator]"
    assert comment.text == f"Call {mark} now. Again: {mark}!"
    assert not comment.reports.filter(words__contains="555").exists()
    assert not comment.moderations.filter(words__contains="555").exists()
    assert comment.moderated_by(cy).redact("555-0100") is False
    with pytest.raises(CannotUndo):
        comment.moderated_by(cy).undo()


def test_an_answer_of_the_campaign_shows_with_its_badge(client, cy):
    comment = make_comment(make_campaign(), "When is the vote?")

    comment.moderated_by(cy).answer("On Tuesday.")

    page = client.get("/campaign-1/").text
    assert "On Tuesday." in page
    assert '<span class="badge">The campaign</span>' in page
    assert "Letters for Animals</bdi>" in page
    assert "cy" not in page.split('id="comments"')[1].split("<form")[0].split()


def test_nobody_answers_what_does_not_show(comment, cy):
    comment.moderated_by(cy).hide("hate")

    answer = comment.moderated_by(cy).answer("On Tuesday.")

    assert answer is None
    assert not comment.replies.exists()


def test_a_pinned_conversation_stands_first_and_once(client, settings, cy):
    settings.COMMENTS_A_PAGE = 2
    campaign = make_campaign()
    comments = [make_comment(campaign, f"text {n}") for n in range(5)]
    comments[3].moderated_by(cy).pin()

    pages = [client.get("/campaign-1/comments/").text]
    pages += [client.get("/campaign-1/comments/page/2/").text]

    found = [
        sorted(range(5), key=lambda n: page.find(f">text {n}<"))[
            -sum(f">text {n}<" in page for n in range(5)) :
        ]
        for page in pages
    ]
    assert found == [[3, 0, 1], [2, 4]]
    assert client.get("/campaign-1/comments/page/3/").status_code == 404
    location = client.get(comments[3].get_absolute_url())["Location"]
    assert location.startswith("/campaign-1/comments/#")


def test_a_reply_is_not_pinned(cy):
    root = make_comment(make_campaign())
    reply = make_comment(root.campaign, "reply", root)

    reply.moderated_by(cy).pin()

    assert reply.pinned_at is None


def test_who_has_taken_a_comment_keeps_the_others_off_for_a_while(comment, cy, di):
    comment.moderated_by(cy).claim()

    with pytest.raises(Collision, match="cy is looking at this one"):
        comment.moderated_by(di).show()
    assert comment.is_waiting

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        comment.moderated_by(di).show()
    assert comment.is_shown


def test_a_claim_is_given_back(comment, cy, di):
    comment.moderated_by(cy).claim()
    comment.moderated_by(di).let_go()
    with pytest.raises(Collision):
        comment.moderated_by(di).claim()

    comment.moderated_by(cy).let_go()

    comment.moderated_by(di).claim()
    assert comment.claimed_by == di


def test_nobody_decides_on_what_they_have_not_seen(comment, cy, di):
    seen = comment.version
    comment.moderated_by(cy).hide("hate")

    with pytest.raises(Collision, match="cy was faster: hidden"):
        comment.moderated_by(di).having_seen(seen).show()

    comment.refresh_from_db()
    seen = comment.version
    comment.by_writer.edit("Changed meanwhile.", [])
    with pytest.raises(
        Collision, match="Its writer or a reader has just changed something"
    ):
        comment.moderated_by(di).having_seen(seen).show()
    comment.moderated_by(di).having_seen(comment.version).show()
    assert comment.is_shown


def test_an_appeal_is_decided_by_another_moderator(comment, cy, di):
    comment.moderated_by(cy).hide("hate")
    assert comment.by_writer.appeal("It does not.")
    assert not comment.by_writer.appeal("Once more.")

    assert list(Comment.objects.queued()) == [comment]
    with pytest.raises(NeedsAnother):
        comment.moderated_by(cy).show()
    with pytest.raises(NeedsAnother):
        comment.moderated_by(cy).hide("hate")
    comment.moderated_by(di).show()

    assert comment.is_shown
    assert comment.appeal_outcome == "granted"
    assert not Comment.objects.queued().exists()


def test_an_appeal_that_is_turned_down_leaves_it_hidden(comment, cy, di):
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.appeal("It does not.")

    comment.moderated_by(di).hide("advert", "See above.")

    assert comment.state == "hidden"
    assert comment.hidden_for == "advert"
    assert not comment.by_writer.may_appeal
    assert comment.moderations.first().decision == "uphold"


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_decides():
    cy, di = make_staff("cy"), make_staff("di")
    comment = write_comment(make_campaign())
    decisions = [
        lambda: comment_of(comment).moderated_by(cy).having_seen(seen).show(),
        lambda: comment_of(comment).moderated_by(di).having_seen(seen).hide("hate"),
    ]
    seen, start, failed = comment.version, threading.Barrier(2), []

    def run(decision):
        start.wait()
        try:
            decision()
        except Collision as collision:
            failed.append(str(collision))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[decision]) for decision in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    comment.refresh_from_db()
    assert len(failed) == 1
    assert "was faster" in failed[0]
    assert comment.moderations.count() == 1
    assert (
        comment.state
        == {"show": "shown", "hide": "hidden"}[comment.moderations.get().decision]
    )


def comment_of(comment):
    return Comment.objects.get(pk=comment.pk)
