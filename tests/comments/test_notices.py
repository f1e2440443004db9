"""A notice of illegal content about a comment is decided with the comment."""

import re

import pytest

from outbox.models import OutgoingMail
from supporters.models import Report
from tests.answers import subject
from tests.factories import (
    make_campaign,
    make_comment,
    make_staff,
    make_staff_who,
    prove,
    write_comment,
)
from tests.supporters.test_notices import TYPED, answer_in_inbox, to_notifier, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(campaign, mailbox):
    return make_comment(campaign, "Ms. Roe is a thief.", name="Max")


@pytest.fixture
def send(client, mailbox):
    def send(address, **typed):
        answer = client.post("/notices/", {**TYPED, "location": address, **typed})
        assert answer.status_code == 302
        return Report.objects.latest("pk")

    return send


def address(comment):
    return f"http://testserver{comment.get_absolute_url()}"


def test_it_takes_nothing_off_the_page_by_itself(client, comment, send):
    send(address(comment))

    page = client.get("/campaign-1/comments/").text
    assert "Ms. Roe is a thief." in page


@pytest.mark.parametrize("way", ["permalink", "mark", "report"])
def test_it_waits_at_the_desk_however_the_comment_was_found(
    client, comment, send, desk, way
):
    found = {
        "permalink": address(comment),
        "mark": f"http://testserver/campaign-1/comments/#comment-{comment.pk}",
        "report": f"{address(comment)}report/",
    }
    notice = send(found[way])

    page = client.get(f"/admin/comments/comment/desk/{comment.pk}/").text

    assert notice.reference in page
    assert "&lt;b&gt;I did not.&lt;/b&gt;" in page


def test_hiding_the_comment_answers_it(comment, send, desk, mailbox, later):
    send(address(comment))
    later()

    desk(comment, "hide", reason="law", words="Section 186: an insult.")
    later()

    notice = Report.objects.get()
    assert (notice.decision, notice.decided_by.username) == ("removed", "cy")
    decided = to_notifier(mailbox)[-1]
    assert subject(decided) == "We have decided on your report"
    assert "Section 186: an insult." in words_of(decided)


def test_keeping_it_answers_it_too(comment, send, desk, mailbox, later):
    send(address(comment))

    desk(comment, "show")
    later()

    assert Report.objects.get().decision == "kept"
    assert "left on the site" in words_of(to_notifier(mailbox)[-1])


def test_a_passage_that_was_removed_is_said(comment, send, desk):
    send(address(comment))

    desk(comment, "redact", passage="Ms. Roe", sure="1")
    desk(comment, "show")

    assert Report.objects.get().decision == "part"


def test_what_is_undone_within_minutes_reaches_nobody(
    comment, send, mailbox, later, cy
):
    send(address(comment))
    later()
    mailbox.clear()
    comment.refresh_from_db()
    comment.moderated_by(cy).hide("threat")

    comment.moderated_by(cy).undo()
    later()

    assert Report.objects.get().decided_at is None
    assert to_notifier(mailbox) == []


def test_another_decision_later_is_told_as_well(comment, send, mailbox, later, cy):
    send(address(comment))
    comment.refresh_from_db()
    comment.moderated_by(cy).hide("threat")
    later()
    comment.moderated_by(cy).undo()
    mailbox.clear()

    comment.moderated_by(cy).show()
    later()

    assert "left on the site" in words_of(to_notifier(mailbox)[-1])


def test_a_writer_who_deletes_the_comment_answers_it(campaign, send, mailbox, later):
    comment = write_comment(campaign, "A lie.")
    comment.moderated_by(make_staff("cy", "Moderators")).show()
    send(address(comment))

    comment.refresh_from_db()
    comment.remove()

    assert Report.objects.get().decision == "gone"
    later()
    told = words_of(to_notifier(mailbox)[-1])
    assert "not on the site any more" in told
    assert "person has" not in told  # nobody had to


def test_many_notices_about_a_rivals_comment_are_one_look(
    client, comment, send, desk, settings
):
    settings.LIMIT_NOTICES = 100
    for number in range(12):
        send(address(comment), words=f"Lie {number}.", email=f"e{number}@x.example")
    comment.refresh_from_db()

    assert comment.is_shown
    desk(comment, "show")

    assert set(Report.objects.values_list("decision", flat=True)) == {"kept"}
    comment.refresh_from_db()
    assert comment.is_shown


def test_a_comment_that_does_not_show_is_decided_on_the_page_of_the_notice(
    client, comment, send, cy
):
    comment.moderated_by(cy).hide("threat")
    notice = send(f"http://testserver/campaign-1/comments/#comment-{comment.pk}")
    client.force_login(cy)

    page = client.get(f"/admin/supporters/report/{notice.pk}/change/").text

    assert notice.subject_id is None
    assert f"/admin/inbox/reports/?row={notice.pk}" in page


def test_at_the_desk_there_is_one_place_to_decide(client, comment, send, cy):
    notice = send(address(comment))
    client.force_login(cy)
    page = f"/admin/supporters/report/{notice.pk}/change/"

    desk = f"/admin/comments/comment/desk/{notice.subject_id}/"
    assert f'href="{desk}">Decide' in client.get(page).text
    answer_in_inbox(client, notice, outcome="kept", reasons="No.")
    assert Report.objects.open().get() == notice


def test_hiding_for_the_law_needs_the_law(comment, desk):
    page = desk(comment, "hide", reason="law")

    assert page.status_code == 422
    assert "Say which law, and why it is against it." in page.text


# The statement of reasons (Article 17).


def hidden(campaign, client, cy, reason="threat", words="", **fields):
    comment = write_comment(campaign, "You are all fools.", **fields)
    comment.confirm()
    prove(client, comment)
    comment.moderated_by(cy).hide(reason, words)
    return comment


def test_a_writer_reads_how_it_was_found_and_who_decided(
    campaign, client, cy, mailbox, later
):
    comment = hidden(campaign, client, cy)
    later()

    for said in (client.get(comment.writer_url).text, mailbox.text()):
        text = " ".join(said.split())
        assert "It breaks our rules for comments:" in text
        assert "It threatens or insults somebody." in text
        assert "We found it when we read the comments here." in text
        assert "A moderator decided to hide it, not a program." in text
        assert "unless we decide to show it" in text
        assert "You can also go to court." in text


def test_a_writer_learns_that_there_was_a_notice_and_not_whose(
    client, cy, send, mailbox, later
):
    comment = write_comment(make_campaign(), "Ms. Roe is a thief.")
    comment.confirm()
    comment.moderated_by(cy).show()
    send(address(comment))
    comment.refresh_from_db()
    comment.moderated_by(cy).hide("law", "Section 186.")
    OutgoingMail.objects.filter(purpose__startswith="notice").delete()
    prove(client, comment)
    later()

    for text in (client.get(comment.writer_url).text, mailbox.text()):
        assert "Somebody sent us a notice that it is against the law." in text
        assert "Section 186." in text
        assert "Eve" not in text
        assert "stole money" not in text


def test_a_writer_learns_that_a_program_had_marked_it(
    campaign, client, cy, mailbox, later
):
    comment = write_comment(campaign, "You fools.", findings=[])
    comment.findings = [["capitals", ""]]
    comment.save()
    comment.confirm()
    comment.moderated_by(cy).hide("threat")
    later()

    assert "A program had marked it." in mailbox.text()


def test_who_may_see_comments_alone_reads_no_words_of_a_notice(client, comment, send):
    notice = send(address(comment))
    client.force_login(make_staff_who("view_comment", "change_comment"))

    page = client.get(f"/admin/comments/comment/desk/{comment.pk}/").text

    assert "Reported by 1 reader" in page
    assert "Notice of illegal content" in page
    # A day of this month may begin like it.
    assert not re.search(rf"{notice.reference}(?![-\d])", page)
    assert "I did not." not in page
