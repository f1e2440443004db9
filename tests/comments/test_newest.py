"""What the action page shows of a thread: the newest, and the way to all of them."""

import pytest
from django.utils import timezone

from tests.comments.test_thread import texts
from tests.factories import make_campaign, make_comment

pytestmark = pytest.mark.django_db


def test_the_newest_five_conversations_are_shown_and_the_way_to_all(client):
    campaign = make_campaign()
    for n in range(1, 7):
        make_comment(campaign, f"comment {n}")

    page = client.get("/campaign-1/").text

    wanted = [f"comment {n}" for n in range(1, 7)]
    assert texts(page, *wanted) == wanted[:0:-1]
    assert ">6 comments</h2>" in page
    assert '<a class="button button-quiet" href="/campaign-1/comments/">' in page
    assert "Read all 6 comments" in page


def test_the_first_replies_of_each_stand_with_it_and_lead_to_the_others(client):
    first = make_comment(make_campaign(), "first")
    for n in range(1, 4):
        make_comment(first.campaign, f"reply {n}", parent=first)

    page = client.get("/campaign-1/").text

    assert texts(page, "first", "reply 1", "reply 2", "reply 3") == [
        *("first", "reply 1", "reply 2")
    ]
    assert "Show 1 more reply" in page
    assert "Read all 4 comments" in page


def test_a_pinned_comment_stands_first_and_takes_nobodys_place(client):
    campaign = make_campaign()
    pinned = make_comment(campaign, "pinned")
    pinned.pinned_at = timezone.now()
    pinned.save()
    for n in range(1, 6):
        make_comment(campaign, f"comment {n}")

    page = client.get("/campaign-1/").text

    wanted = ["pinned", *(f"comment {n}" for n in range(5, 0, -1))]
    assert texts(page, *wanted) == wanted


def test_a_thread_that_is_shown_whole_has_no_link_to_more(client):
    make_comment(make_campaign(), "the only one")

    page = client.get("/campaign-1/").text

    assert texts(page, "the only one") == ["the only one"]
    assert "Read all" not in page
