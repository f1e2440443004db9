"""The same words from the same network in the same place: one comment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from comments.models import Comment
from comments.repeats import SUSPECT
from comments.rules import POINTS, RuleFinding
from tests.answers import new_browser
from tests.comments.test_writing import PATH, TYPED, known_writer, post
from tests.concurrency import at_once
from tests.factories import (
    make_campaign,
    make_comment,
    make_staff,
    prove,
    write_comment,
)

HOME = {"network_hash": "a" * 32}
ADDRESSES = [f"{name}@mail.example" for name in ("ada", "bo", "cy", "dee")]


@pytest.fixture
def campaign(db):
    return make_campaign()


def write(campaign, text="Please stop.", **fields):
    return write_comment(campaign, text, **{**HOME, **fields})


def network_of_form(client):
    """The network from which this browser's forms come."""
    post(client, text="From here.")
    return Comment.objects.latest("pk").network_hash


def on_page(client, words):
    """How often a thread shows these words, without its feed's and form's."""
    return client.get(PATH).text.count(f'<p dir="auto">{words}</p>')


@pytest.mark.django_db(transaction=True)
def test_four_posts_at_once_wait_as_one_comment():
    campaign = make_campaign()

    at_once([lambda email=email: write(campaign, email=email) for email in ADDRESSES])

    assert Comment.objects.count() == 4
    assert Comment.objects.queued().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_post_at_the_same_moment_waits_and_finds_the_first():
    """Its statement begins before the first is stored, and finds it all the same."""
    campaign = make_campaign()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        first = write(campaign)
        second = other.submit(write_in_thread, campaign, ADDRESSES[1])
        with connection.cursor() as cursor:
            while not is_waited_for(cursor):
                assert not second.done()

    assert Comment.objects.get(pk=second.result()).repeats == first


def write_in_thread(campaign, email):
    """The key of a comment that is written on a connection of its own."""
    try:
        return write(campaign, email=email).pk
    finally:
        connection.close()


def is_waited_for(cursor):
    """Whether another transaction waits for what this one holds."""
    cursor.execute(
        "SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    return cursor.rowcount > 0


@pytest.mark.django_db(transaction=True)
def test_four_posts_at_once_of_a_known_writer_show_once(client, mailbox):
    campaign = make_campaign()
    known_writer(campaign, client)
    cookies = client.cookies

    def again():
        browser = new_browser()
        browser.cookies = cookies
        answers.append(browser.post(PATH, {**TYPED, "text": "Once."}))

    answers = []
    at_once([again] * 4)

    assert on_page(client, "Once.") == 1
    pages = [client.get(answer["Location"]).text for answer in answers]
    assert ["is on the page" in page for page in pages] == [True] * 4
    assert not Comment.objects.queued().exists()


def test_what_says_the_same_is_one_comment_however_it_is_written(client, campaign):
    for email, text in zip(
        ADDRESSES,
        ["Please stop.", "please stop!", "PLEASE  STOP", "Please\nstop…"],
        strict=True,
    ):
        write(campaign, text, email=email)

    [waiting] = Comment.objects.queued()
    waiting.moderated_by(make_staff()).show()

    assert on_page(client, "Please stop.") == 1
    assert not Comment.objects.queued().exists()
    assert waiting.campaign.thread.comment_count == 1


def test_signs_without_a_letter_are_words_as_well(campaign):
    write(campaign, "👍")
    write(campaign, "👍")
    write(campaign, "👎")

    assert [each.text for each in Comment.objects.queued()] == ["👍", "👎"]


@pytest.mark.parametrize("what", ["network", "parent", "campaign", "words", "minutes"])
def test_what_differs_in_one_of_these_is_another_comment(campaign, what):
    parent = make_comment(campaign, "When?")
    write(campaign, parent=parent)
    place, fields = campaign, {"parent": parent, "text": "Please stop."}
    match what:
        case "network":
            fields["network_hash"] = "b" * 32
        case "parent":
            fields["parent"] = None
        case "campaign":
            place, fields["parent"] = make_campaign(), None
        case "words":
            fields["text"] = "Please go."

    ahead = timedelta(minutes=10, seconds=1) if what == "minutes" else timedelta(0)
    with time_machine.travel(timezone.now() + ahead):
        write(place, **fields)

    assert Comment.objects.queued().count() == 2


@pytest.mark.parametrize("how", [*SUSPECT, "hidden", "removed", "edited"])
def test_what_is_held_rejected_or_discarded_is_in_nobodys_way(campaign, how):

    found = [RuleFinding(how)] if how in SUSPECT else []
    first = write(campaign, findings=found)
    match how:
        case "hidden":
            first.moderated_by(make_staff()).hide("hate")
        case "removed":
            first.remove()
        case "edited":
            first.by_writer.edit("Something else.", [])

    write(campaign, email="bo@mail.example")

    latest = Comment.objects.latest("pk")
    assert latest in Comment.objects.queued()
    latest.moderated_by(make_staff("cy")).show()
    assert latest in Comment.objects.visible()


@pytest.mark.parametrize("how", ["removed", "edited"])
def test_who_posts_first_and_takes_it_back_silences_nobody(campaign, how):
    first = write(campaign)
    second, third = [write(campaign, email=email) for email in ADDRESSES[1:3]]

    if how == "removed":
        first.remove()
    else:
        first.by_writer.edit("Something else.", [])

    waiting = Comment.objects.queued().filter(text="Please stop.")
    assert list(waiting) == [second]
    third.refresh_from_db()
    assert third.repeats == second


def test_who_takes_the_place_of_the_first_is_no_duplicate_of_it(campaign):
    first = write(campaign)
    found = [RuleFinding("duplicate"), RuleFinding("links", "3")]
    write(campaign, email="bo@mail.example", findings=found)

    first.remove()

    [heir] = Comment.objects.queued()
    assert heir.findings == [["links", "3"]]
    assert heir.spam_points == POINTS["links"]


def test_a_repeat_is_no_other_comment_for_the_moderator(client, campaign):
    client.force_login(make_staff("cy", "Moderators"))
    first = write(campaign)
    write(campaign)
    desk = f"/admin/comments/comment/desk/{first.pk}/"

    assert "No other comment came from this address." in client.get(desk).text

    write(campaign, "And one more.")
    assert "0 shown, 0 hidden, 0 spam, 1 waiting" in client.get(desk).text


def test_an_edit_that_changes_nothing_makes_no_second_copy(campaign):
    first, second = [write(campaign, email=email) for email in ADDRESSES[:2]]

    for comment in (first, second):
        comment.by_writer.edit("Please stop!", [])

    assert list(Comment.objects.queued()) == [first]


def test_a_repeat_that_is_written_anew_is_a_comment_of_its_own(client, campaign):
    first = write(campaign)
    second = write(campaign, email="bo@mail.example")

    client.post(f"{second.inbox_url}text/", {"text": "My own words."})

    first.refresh_from_db()
    assert first.text == "Please stop."
    assert [each.text for each in Comment.objects.queued()] == [
        "Please stop.",
        "My own words.",
    ]


def test_the_page_of_a_repeat_has_no_right_over_the_first(client, campaign):
    first = write(campaign)
    second = write(campaign, email="bo@mail.example")

    client.post(f"{second.inbox_url}removal/")

    assert list(Comment.objects.queued()) == [first]
    first.refresh_from_db()
    assert (first.text, first.is_removed) == ("Please stop.", False)


def test_what_is_decided_about_the_first_is_decided_about_all(
    client, campaign, mailbox, later
):
    """Of the owner's own, also by another spelling of the mailbox."""
    first = write(campaign, email="ada@gmail.com")
    second = write(campaign, email="a.da@gmail.com", wants_news=True)
    Comment.objects.get(pk=second.pk).confirm()
    cy = make_staff()

    first.moderated_by(cy).show()
    page = client.get(second.inbox_url)
    later()

    assert "Your comment is on the page" in page.text
    assert f'href="{first.get_absolute_url()}"' in page.text
    assert client.get(first.get_absolute_url()).status_code == 302
    [told] = [m for m in mailbox.messages if m["Subject"].startswith("Your comment is")]
    assert told["To"] == "a.da@gmail.com"
    assert f"/comments/{first.pk}/" in told.get_body(("plain",)).get_content()

    Comment.objects.get(pk=first.pk).moderated_by(cy).undo()
    assert "A person will read your comment" in client.get(second.inbox_url).text


def test_an_appeal_against_a_hidden_repeat_is_looked_at(campaign):
    first = write(campaign)
    second = write(campaign, email="bo@mail.example")
    first.moderated_by(make_staff()).hide("hate")
    second.refresh_from_db()

    assert second.by_writer.appeal("It is fair.")

    assert list(Comment.objects.queued()) == [second]


def test_who_is_known_does_not_wait_for_a_stranger_who_was_faster(
    client, campaign, mailbox
):
    known_writer(campaign, client)
    stranger = new_browser()
    stranger.post(PATH, {**TYPED, "text": "Once.", "email": "eve@mail.example"})

    page = client.get(post(client, text="Once.")["Location"])

    assert "Your comment is on the page" in page.text
    assert on_page(client, "Once.") == 1
    assert [each.text for each in Comment.objects.queued()] == ["Once."]


@pytest.mark.parametrize("becomes", ["waits", "shows", "approved later"])
def test_who_confirms_the_words_of_somebody_else_waits_for_a_moderator(
    client, campaign, becomes
):
    """Nobody would look at it; and no page tells that somebody said the same."""
    first = write(campaign)
    if becomes == "shows":
        first.moderated_by(make_staff()).show()
    second = write(campaign, email="bo@mail.example", name="Bo")
    if becomes == "approved later":
        first.moderated_by(make_staff()).show()
    second.refresh_from_db()
    assert second not in Comment.objects.queued()

    second.confirm()

    prove(client, second)
    page = client.get(second.writer_url).text
    assert "Your comment is waiting for a moderator" in page
    assert second in Comment.objects.queued()
    second.moderated_by(None).show()
    assert "Your comment is on the page" in client.get(second.writer_url).text
    first.refresh_from_db()
    assert (first.state == "shown") == (becomes != "waits")


def test_who_confirms_the_words_that_were_hidden_learns_why_and_may_appeal(campaign):
    first = write(campaign)
    second = write(campaign, email="bo@mail.example")
    first.moderated_by(make_staff()).hide("hate")

    second.refresh_from_db()
    second.confirm()

    assert (second.state, second.by_writer.may_appeal) == ("hidden", True)


def test_who_has_proven_the_address_waits_for_a_moderator_of_their_own(
    client, campaign, mailbox
):
    """A known writer's same words do not swallow what somebody else has confirmed."""
    first = write(campaign, "Once.", email="bo@mail.example", name="Bo")
    first.confirm()
    known_writer(campaign, client)
    here = network_of_form(client)
    Comment.objects.filter(pk=first.pk).update(network_hash=here)

    post(client, text="Once.")

    first.refresh_from_db()
    assert (first.repeats, first.state) == (None, "waiting")
    second = Comment.objects.latest("pk")
    assert (second.repeats, second.state) == (None, "shown")
    post(client, text="Once.")  # and again, once hers shows
    assert Comment.objects.latest("pk").repeats == second


def test_who_proves_the_address_waits_though_a_stranger_was_faster(
    client, campaign, mailbox
):
    prove(client, write_comment(campaign, "My first one.", name=TYPED["name"]))
    stranger = new_browser()
    stranger.post(PATH, {**TYPED, "text": "Once.", "email": "eve@mail.example"})
    theirs = Comment.objects.latest("pk")

    for _time in range(2):  # what says the same again is no third one
        post(client, text="Once.")

    waiting = Comment.objects.queued().filter(text="Once.").order_by("pk")
    assert [each.name for each in waiting] == [theirs.name, TYPED["name"]]
    assert Comment.objects.latest("pk").repeats == waiting[1]


def test_what_repeats_a_comment_that_shows_is_deleted_with_the_others(campaign):
    write(campaign).moderated_by(make_staff()).show()
    write(campaign, email="bo@mail.example")

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("forget", stdout=StringIO())

    assert Comment.objects.count() == 1


def test_repeats_are_deleted_once_they_are_decided_on(campaign):
    first = write(campaign)
    write(campaign, email="bo@mail.example")
    first.moderated_by(make_staff()).show()

    for days, left in ((6, 2), (8, 1)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            call_command("forget", stdout=StringIO())
        assert Comment.objects.count() == left
