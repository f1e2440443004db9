"""Two moderators at the desk at once: who is told what, and whose words stay."""

import re

import pytest
from django.test import Client

from comments.models import Comment, Moderation
from tests.comments.desk import DESK, opened, pressing, queue, state, undo_offered
from tests.factories import write_comment

pytestmark = pytest.mark.django_db


def test_a_comment_is_taken_and_let_go(desk, client, cy, di, campaign):
    comment = write_comment(campaign)

    page = desk(comment, "claim")
    assert "Reserved for you." in page.text
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

    assert queue(page) == ["B"]
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
    assert state(comment)["appeal_outcome"] == "upheld"
    undo_offered(page)
    assert state(comment)["appeal_outcome"] == ""


def test_who_hid_a_comment_keeps_nobody_from_deciding_on_its_appeal(
    desk, cy, di, campaign
):
    comment = write_comment(campaign)
    comment.moderated_by(cy).hide("hate")
    comment.by_writer.appeal("No.")

    page = desk(comment, "claim")
    quiet = desk(comment, "claim", quietly="")

    assert page.status_code == 409
    assert "You hid this comment, so another moderator decides" in page.text
    assert "Reserved for you." not in quiet.text
    assert state(comment)["claimed_by_id"] is None
    comment.refresh_from_db()
    comment.moderated_by(di).show()
    assert state(comment)["shown_at"]


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
