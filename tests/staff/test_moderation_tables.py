"""Block list, threads, reports and the moderation log, as Cy finds them."""

import pytest
from django.contrib.admin.models import LogEntry

from comments.models import Moderation, Thread
from comments.rules import findings
from safeguards.blocks import Block
from safeguards.network import Network, Networks
from supporters.acts.holding import examine_again
from supporters.models import Report, RetentionRun
from tests.factories import (
    make_campaign,
    make_comment,
    make_staff,
    write_comment,
)
from tests.staff.forms import change_page, fill_in, run_action

pytestmark = pytest.mark.django_db
BLOCKS = "/admin/safeguards/block/"
THREADS = "/admin/comments/thread/"


@pytest.fixture(autouse=True)
def cy(client):
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    return cy


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("word", "  Cheap   PILLS ", "cheap pills"),
        ("address", "@Spam.Example", "spam.example"),
        ("network", "203.0.113.7", "203.0.113.0/24"),
    ],
)
def test_what_is_put_on_the_block_list_holds_comments(client, cy, kind, typed, stored):
    fill_in(client, f"{BLOCKS}add/", kind=kind, value=typed, note="Spam wave.")

    block = Block.objects.get()
    assert (block.value, block.added_by, block.note) == (stored, cy, "Spam wave.")
    text = "Buy cheap pills!"
    look = examine_again(
        email="ada@spam.example",
        name="Ada",
        text=text,
        networks=Networks((Network("203.0.113.7"), Network("203.0.113.0/24"))),
    )
    found = findings(text, look)
    assert [finding.rule for finding in found] == [kind]


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("address", "nowhere", "Enter an address or a domain, like example.com."),
        ("network", "here", "Enter an IP address or network, like 203.0.113.7."),
        ("word", "PILLS", "This is already on the list."),
    ],
)
def test_what_cannot_be_blocked_is_said(client, kind, typed, sentence):
    Block.objects.create(kind="word", value="pills")

    page = fill_in(client, f"{BLOCKS}add/", kind=kind, value=typed)

    assert sentence in page.text
    assert Block.objects.count() == 1


def test_nothing_remains_of_a_block_after_its_end(client, cy, time_machine):
    time_machine.move_to("2030-04-30T06:00Z")
    client.force_login(cy)
    fill_in(
        client,
        f"{BLOCKS}add/",
        kind="address",
        value="ada@mail.example",
        ends_at="2030-05-01T12:00",
    )
    Block.objects.create(kind="address", value="bo@mail.example")
    time_machine.move_to("2030-05-01T06:00Z")
    RetentionRun.run()
    assert Block.objects.count() == 2
    assert LogEntry.objects.get().object_repr == "ada@mail.example"

    time_machine.move_to("2030-05-03T06:00Z")
    RetentionRun.run()

    assert Block.objects.get().value == "bo@mail.example"
    assert LogEntry.objects.get().object_repr == ""


def test_a_block_does_not_end_before_it_begins(client):
    page = fill_in(
        client,
        f"{BLOCKS}add/",
        kind="word",
        value="pills",
        ends_at="2020-05-01T12:00",
    )

    assert "Choose a time in the future." in page.text
    assert not Block.objects.exists()


def test_who_changes_a_block_does_not_take_it_over(client):
    di = make_staff("di", "Moderators")
    block = Block.objects.create(kind="word", value="pills", added_by=di)

    fill_in(client, change_page(BLOCKS, block), note="An old wave.")

    block.refresh_from_db()
    assert (block.note, block.added_by) == ("An old wave.", di)


def test_a_thread_is_closed_and_reopened(client):
    make_comment(make_campaign())
    thread = Thread.objects.get()

    closed = run_action(client, THREADS, "close", thread)
    thread.refresh_from_db()
    assert thread.closed_at
    assert "1 thread is closed." in closed.text
    assert client.get("/campaign-1/comments/").status_code == 200
    reopened = run_action(client, THREADS, "reopen", thread)

    thread.refresh_from_db()
    assert thread.closed_at is None
    assert "1 thread is open again." in reopened.text


def test_a_thread_is_given_a_date_to_close(client):
    campaign = make_campaign()

    fill_in(
        client,
        f"{THREADS}add/",
        campaign=campaign.pk,
        closes_at="2026-01-01T12:00",
    )

    assert not Thread.objects.of(campaign).is_open
    thread = Thread.objects.get()
    page = client.get(change_page(THREADS, thread)).text
    assert 'name="campaign"' not in page
    fill_in(client, change_page(THREADS, thread), closes_at="")
    assert Thread.objects.of(campaign).is_open


def test_the_log_and_the_reports_are_read_and_not_written(client, cy):
    comment = write_comment(make_campaign(), name="Leontine")
    comment.moderated_by(cy).hide("private", "A number.")
    comment.moderated_by(cy).show()
    comment.report(reason="false", words="Not true.", network_hash="a")
    rows = {
        "comments/moderation": Moderation.objects.get(decision="hide"),
        "supporters/report": Report.objects.get(),
    }

    for name, row in rows.items():
        path = f"/admin/{name}/"
        listed, page = client.get(path).text, client.get(change_page(path, row)).text
        at_the_desk = f'href="/admin/comments/comment/desk/{comment.pk}/"'
        assert at_the_desk in listed + page
        assert row.words in page
        assert 'name="_save"' not in page
        sent = client.post(change_page(path, row), {"words": "x"})
        assert sent.status_code in (200, 403)
        assert client.post(f"{path}{row.pk}/delete/").status_code == 403
        row.refresh_from_db()
    assert rows["comments/moderation"].words == "A number."
    assert rows["supporters/report"].words == "Not true."
