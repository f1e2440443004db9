"""Each report counts alike, and nobody is brought to the front by reporting."""

import pytest

from comments.models import Comment
from supporters.notices.models import FIRST, USUAL
from tests.comments.desk import DESK, queue
from tests.factories import make_comment, write_comment
from tests.supporters.test_notices import TYPED

pytestmark = pytest.mark.django_db
READER, OTHER = "a" * 32, "b" * 32


def report(comment, reader, reason="hate"):
    comment.refresh_from_db()
    comment.report(reason=reason, words="", network_hash=reader)


@pytest.fixture
def waiting(campaign):
    """Comments that wait, in the order in which they began to."""
    first = make_comment(campaign, "One.", name="Reported first")
    last = make_comment(campaign, "Three.", name="Reported last")
    report(first, READER)
    write_comment(campaign, "Two.", name="Just written")
    report(last, OTHER)
    return {"first": first, "last": last}


def test_what_was_reported_waits_in_the_order_of_all_whoever_reported_it(
    client, desk, campaign, cy, waiting
):
    for number in range(3):  # a reader who was right three times gains nothing by it
        comment = make_comment(campaign, f"Insult {number}.")
        report(comment, OTHER)
        comment.moderated_by(cy).hide("threat")
    for number in range(20):  # nor do many
        report(waiting["last"], f"{number:032}")

    assert queue(client.get(DESK)) == [
        "Reported first",
        "Just written",
        "Reported last",
    ]


def test_going_on_and_back_follows_the_same_order(client, desk, waiting):
    page = client.get(f"{DESK}{waiting['last'].pk}/").text

    just_written = Comment.objects.get(name="Just written")
    assert f'href="{DESK}{just_written.pk}/" data-key="k"' in page


def test_the_first_page_says_how_many_have_waited_for_long(client, desk, waiting, cy):
    Comment.objects.queued().update(queued_at="2020-01-01T00:00Z")

    assert "3 have waited for more than a day." in client.get("/admin/").text


def test_a_network_that_sends_many_notices_brings_its_later_ones_to_no_front(
    client, campaign, mailbox
):
    reported = [make_comment(campaign, f"Words {n}.", name=str(n)) for n in range(5)]
    for comment in reported:
        location = f"http://testserver{comment.get_absolute_url()}"
        client.post("/notices/", {**TYPED, "location": location})

    turns = [Comment.objects.get(pk=comment.pk).turn for comment in reported]
    assert turns == [FIRST, FIRST, FIRST, USUAL, USUAL]
