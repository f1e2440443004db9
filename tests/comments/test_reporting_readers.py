"""A report counts by how often its reader was right; nobody but staff learns it."""

import pytest

from comments.models import Comment, CommentReport
from safeguards.reader_record import FIRST, USUAL
from tests.comments.desk import DESK, queue
from tests.factories import make_comment, write_comment
from tests.supporters.test_notices import TYPED

pytestmark = pytest.mark.django_db
GOOD, BAD, NEW = "a" * 32, "b" * 32, "c" * 32


def report(comment, reader, reason="hate"):
    comment.refresh_from_db()
    comment.report(reason=reason, words="", network_hash=reader)


@pytest.fixture
def readers(campaign, cy):
    """One reader was right twice, another was wrong three times."""
    for number in range(2):
        comment = make_comment(campaign, f"Insult {number}.")
        report(comment, GOOD)
        comment.moderated_by(cy).hide("threat")
    for number in range(3):
        comment = make_comment(campaign, f"Kind words {number}.")
        report(comment, BAD)
        comment.moderated_by(cy).show()


@pytest.fixture
def waiting(campaign, readers):
    """Comments that wait, in the order in which they began to."""
    by_bad = make_comment(campaign, "One.", name="Reported by Bad")
    by_new = make_comment(campaign, "Two.", name="Reported by New")
    report(by_bad, BAD)
    report(by_new, NEW)
    write_comment(campaign, "Three.", name="Just written")
    by_good = make_comment(campaign, "Four.", name="Reported by Good")
    report(by_good, GOOD)
    return {"bad": by_bad, "new": by_new, "good": by_good}


def test_who_was_right_is_looked_at_first_and_who_was_wrong_last(client, desk, waiting):
    page = client.get(DESK)

    assert queue(page) == [
        "Reported by Good",
        "Reported by New",
        "Just written",
        "Reported by Bad",
    ]


def test_going_on_and_back_follows_the_same_order(client, desk, waiting):
    page = client.get(f"{DESK}{waiting['new'].pk}/").text

    assert f'href="{DESK}{waiting["good"].pk}/" data-key="k"' in page
    just_written = Comment.objects.get(name="Just written")
    assert f'href="{DESK}{just_written.pk}/" data-key="j"' in page


def test_staff_read_why(client, desk, waiting):
    good = client.get(f"{DESK}{waiting['good'].pk}/").text
    bad = client.get(f"{DESK}{waiting['bad'].pk}/").text
    new = client.get(f"{DESK}{waiting['new'].pk}/").text

    said = "This reader was right 2 of 2 times. So it waits in front."
    assert said in " ".join(good.split())
    said = "This reader was right 0 of 3 times. So it waits behind the others."
    assert said in " ".join(bad.split())
    assert "This reader" not in new


def test_one_reader_who_was_right_lifts_it_whoever_else_reports(waiting):
    report(waiting["bad"], GOOD)

    assert Comment.objects.queued().first() == waiting["bad"]


def test_a_decision_that_is_undone_says_nothing_of_the_reader(waiting, cy):
    hidden = Comment.objects.filter(hidden_for="threat")
    for comment in hidden:
        comment.moderated_by(cy).undo()

    assert not CommentReport.objects.filter(network_hash=GOOD, was_right=True).exists()


def test_a_passage_that_was_removed_proves_the_reader_right(campaign, cy):
    comment = make_comment(campaign, "Call 555-0100.")
    report(comment, NEW, "private")
    comment.moderated_by(cy).redact("555-0100")
    comment.moderated_by(cy).show()

    assert CommentReport.objects.get().was_right is True


def test_the_reader_sees_no_difference(client, waiting, readers, campaign):
    comment = make_comment(campaign, "Five.")
    page = f"{comment.get_absolute_url()}report/"
    pages = set()
    for address in ("192.0.2.1", "198.51.100.1"):
        answer = client.post(page, {"reason": "hate"}, REMOTE_ADDR=address)
        pages.add((answer.status_code, answer.url))

    assert len(pages) == 1


@pytest.mark.some("queries")
def test_many_reports_cost_the_desk_no_more_statements(
    client, desk, waiting, django_assert_max_num_queries
):
    page = f"{DESK}{waiting['good'].pk}/"
    for number in range(20):
        report(waiting["good"], f"{number:032}")

    with django_assert_max_num_queries(25):
        client.get(page)


def test_the_first_page_says_how_many_have_waited_for_long(client, desk, waiting, cy):
    Comment.objects.queued().update(queued_at="2020-01-01T00:00Z")

    assert "4 have waited for more than a day." in client.get("/admin/").text


def test_a_network_that_sends_many_notices_brings_its_later_ones_to_no_front(
    client, campaign, mailbox
):
    reported = [make_comment(campaign, f"Words {n}.", name=str(n)) for n in range(5)]
    for comment in reported:
        location = f"http://testserver{comment.get_absolute_url()}"
        client.post("/notices/", {**TYPED, "location": location})

    turns = [Comment.objects.get(pk=comment.pk).turn for comment in reported]
    assert turns == [FIRST, FIRST, FIRST, USUAL, USUAL]
