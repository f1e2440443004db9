"""Cy at the moderators' desk: by keyboard alone, on a phone, without JavaScript."""

import threading

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import expect

from comments.admin.queue import PAGE
from comments.models import Comment, Moderation
from comments.rules import RuleFinding
from safeguards.blocks import Block
from tests.browser.test_accessible import faults_of
from tests.browser.visitor import heading, on_a_phone, without_javascript
from tests.factories import make_campaign, make_comment, make_staff, write_comment

DESK = "/admin/comments/comment/desk/"
LIST = "/admin/comments/comment/"


@pytest.fixture
def cy(signed_in, page):
    """Cy is in; what the page still asks for ends before the tables are emptied."""
    changed, running = threading.Condition(), []

    def on_start(**_signal):
        with changed:
            running.append(1)

    def on_end(**_signal):
        with changed:
            running.pop()
            changed.notify_all()

    request_started.connect(on_start)
    request_finished.connect(on_end)
    signed_in(make_staff("cy", "Moderators"))
    yield
    page.goto("about:blank")
    with changed:
        assert changed.wait_for(lambda: not running, timeout=60)
    request_started.disconnect(on_start)
    request_finished.disconnect(on_end)


def open_name(page):
    """The name over the comment that is open."""
    return page.locator("#desk-name")


def expect_at(page, name):
    """This comment is open, and the keys are heard."""
    expect(open_name(page)).to_have_text(name)
    expect(page.locator("[aria-keyshortcuts=h]")).to_be_visible()


@pytest.mark.long
def test_a_long_queue_is_handled_by_keyboard_alone(page, cy):
    """Longer than a page of the queue."""
    number_of_comments = PAGE + 5
    campaign = make_campaign()
    for number in range(number_of_comments):
        write_comment(campaign, f"Text {number}.", name=f"Writer {number}")
    expected = {}
    page.goto(DESK)

    for number in range(number_of_comments):
        expect_at(page, f"Writer {number}")
        match number % 6:
            case 0 | 1:
                page.keyboard.press("a")
                expected[number] = ("shown", "", "")
            case 2:
                for key in ("h", "3", "Enter"):
                    page.keyboard.press(key)
                expected[number] = ("hidden", "private", "")
            case 3:
                page.keyboard.press("x")
                expected[number] = ("hidden", "spam", "")
            case 4:
                page.keyboard.press("h")
                page.keyboard.press("7")
                page.keyboard.type("just because?")
                page.keyboard.press("Control+Enter")
                expected[number] = ("hidden", "other", "just because?")
            case 5:
                page.keyboard.press("x")
                expect(page.locator(".desk-done")).to_contain_text(f"Writer {number}")
                expect(page.locator("[aria-keyshortcuts=u]")).to_be_visible()
                page.keyboard.press("u")
                expect(page.locator(".desk-done")).to_contain_text("Undone:")
                expect_at(page, f"Writer {number}")
                page.keyboard.press("a")
                expected[number] = ("shown", "", "")

    expect(page.get_by_text("Nothing is waiting. Thank you.")).to_be_visible()
    found = {
        int(comment.name.split()[1]): (
            comment.state,
            comment.hidden_for,
            comment.hidden_words,
        )
        for comment in Comment.objects.all()
    }
    assert found == expected


@pytest.mark.journey
def test_the_other_keys_go_on_back_answer_note_take_and_help(page, cy):
    campaign = make_campaign()
    for name in ("First", "Second"):
        write_comment(campaign, name=name)
    page.goto(DESK)
    expect(page.get_by_text("You are looking at it.")).to_be_visible()

    page.keyboard.press("j")
    expect_at(page, "Second")
    page.keyboard.press("k")
    expect_at(page, "First")
    expect(page.get_by_text("You are looking at it.")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_text("You are looking at it.")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("Ask the others.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk-note")).to_contain_text("Ask the others.")
    expect_at(page, "First")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    page.keyboard.press("r")
    page.keyboard.type("On Tuesday.")
    page.keyboard.press("Control+Enter")

    expect(open_name(page)).to_have_text("Second")
    answer = Comment.objects.get(is_answer=True)
    assert (answer.text, answer.parent.name) == ("On Tuesday.", "First")
    assert answer.parent.is_shown


def test_a_writer_is_blocked_and_a_passage_removed_by_keyboard(page, cy):
    comment = write_comment(make_campaign(), "Call 555-0100 now.")
    Comment.objects.update(network_hash="f" * 32)
    page.goto(DESK)
    expect(page.get_by_text("You are looking at it.")).to_be_visible()

    for key in ("b", "2", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("On the block list.")).to_be_visible()
    block = Block.objects.get()
    assert (block.kind, block.value) == ("network", "f" * 32)
    assert block.ends_at is not None

    expect_at(page, "Ada Lovelace")
    page.keyboard.press("p")
    page.keyboard.type("555-0100")
    page.keyboard.press("Control+Enter")
    expect(heading(page)).to_have_text("Remove a passage for good")
    comment.refresh_from_db()
    assert "555-0100" in comment.text
    page.get_by_role("button", name="Remove it for good").press("Enter")
    expect(page.locator(".desk-text")).to_have_text(
        "Call [removed by a moderator] now."
    )


def test_a_comment_that_is_opened_is_taken_and_the_one_before_let_go(page, cy):
    campaign = make_campaign()
    first, second = (write_comment(campaign, name=name) for name in ("A", "B"))

    page.goto(DESK)
    expect(page.get_by_text("You are looking at it.")).to_be_visible()
    first.refresh_from_db()
    assert first.claimed_by.username == "cy"
    page.keyboard.press("j")
    expect(open_name(page)).to_have_text("B")
    expect(page.get_by_text("You are looking at it.")).to_be_visible()

    assert list(Comment.objects.filter(claimed_by__isnull=False)) == [second]


def test_what_another_moderator_has_taken_is_not_taken_away(page, cy):
    di = make_staff("di", "Moderators")
    comment = write_comment(make_campaign())
    comment.moderated_by(di).claim()

    page.goto(DESK)
    expect_at(page, "Ada Lovelace")
    page.keyboard.press("a")

    expect(page.get_by_role("alert")).to_have_text(
        "di is looking at this one. We changed nothing."
    )
    comment.refresh_from_db()
    assert (comment.claimed_by, comment.state) == (di, "waiting")


def test_keys_are_silent_in_a_field_with_a_modifier_and_when_switched_off(page, cy):
    campaign = make_campaign()
    write_comment(campaign, name="First")
    write_comment(campaign, name="Second")
    page.goto(DESK)
    expect_at(page, "First")

    page.keyboard.press("n")
    page.keyboard.type("shxujkc?")
    field = page.get_by_label("Note for the other moderators")
    expect(field).to_have_value("shxujkc?")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    for key in ("Alt+s", "Control+x", "Meta+x", "Shift+Tab"):
        page.keyboard.press(key)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    for key in ("a", "x", "j", "?"):
        page.keyboard.press(key)
    page.reload()
    expect_at(page, "First")
    page.keyboard.press("x")

    expect(open_name(page)).to_have_text("First")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert not Moderation.objects.exists()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Use these keys").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(open_name(page)).to_have_text("Second")


def test_what_was_selected_is_the_passage_to_remove(page, cy):
    comment = write_comment(make_campaign(), "Call 555-0100 now.")
    page.goto(DESK)
    page.locator(".desk-text").evaluate(
        """(text) => {
          const range = document.createRange()
          range.setStart(text.firstChild, 5)
          range.setEnd(text.firstChild, 13)
          getSelection().addRange(range)
        }"""
    )

    page.get_by_text("Remove a passage").press("Enter")
    expect(page.get_by_label("The passage")).to_have_value("555-0100")
    page.get_by_role("button", name="See the text without it").click()
    page.get_by_role("button", name="Remove it for good").click()

    expect(page.locator(".desk-text")).to_have_text(
        "Call [removed by a moderator] now."
    )
    comment.refresh_from_db()
    assert "555" not in comment.text


@pytest.mark.journey
@on_a_phone
@without_javascript
def test_every_act_without_javascript_on_a_phone(page, cy):
    campaign = make_campaign()
    names = ("Show", "Hide", "Spam", "Rest")
    made = {n: write_comment(campaign, "Call 555.", name=n) for n in names}
    Comment.objects.update(network_hash="f" * 32)
    page.goto(DESK)
    expect(page.get_by_role("button", name="Keyboard")).to_be_hidden()

    def press(name):
        page.get_by_role("button", name=name, exact=True).click()

    press("Take it over")
    expect(page.get_by_text("You are looking at it.")).to_be_visible()
    press("Give it back")
    page.get_by_text("Note", exact=True).click()
    page.get_by_label("Note for the other moderators").fill("A note.")
    press("Save the note")
    expect(page.locator(".desk-note")).to_contain_text("A note.")
    page.get_by_text("Remove a passage").click()
    page.get_by_label("The passage").fill("555")
    press("See the text without it")
    press("Remove it for good")
    expect(page.locator(".desk-text")).to_have_text("Call [removed by a moderator].")
    page.get_by_text("Block", exact=True).click()
    page.get_by_label("the email address").check()
    page.get_by_label("For how long?").select_option("a week")
    press("Put it on the block list")
    expect(page.get_by_text("On the block list.")).to_be_visible()
    press("Approve")
    expect(open_name(page)).to_have_text("Hide")
    press("Undo")
    expect(open_name(page)).to_have_text("Show")
    press("Approve")
    page.get_by_text("Hide…").click()
    page.get_by_label("It advertises something.").check()
    page.get_by_label("In your own words").fill("Your shop.")
    press("Hide it")
    expect(open_name(page)).to_have_text("Spam")
    press("Spam")
    expect(open_name(page)).to_have_text("Rest")
    page.get_by_text("Answer", exact=True).click()
    page.get_by_label("Answer as the campaign").fill("Thank you.")
    press("Approve and answer")
    expect(page.get_by_text("Nothing is waiting. Thank you.")).to_be_visible()
    page.goto(f"{DESK}{made['Show'].pk}/")
    press("Pin")
    press("Unpin")
    press("Undo")

    states = {
        c.name: (c.state, c.hidden_for, bool(c.pinned_at))
        for c in Comment.objects.filter(is_answer=False)
    }
    assert states == {
        "Show": ("shown", "", True),
        "Hide": ("hidden", "advert", False),
        "Spam": ("hidden", "spam", False),
        "Rest": ("shown", "", False),
    }
    assert Comment.objects.get(is_answer=True).text == "Thank you."
    assert Block.objects.get().value == "ada@mail.example"


@without_javascript
def test_bulk_acts_without_javascript(page, cy):
    campaign = make_campaign()
    for number in range(3):
        write_comment(campaign, name=f"Writer {number}")
    page.goto(LIST)

    for number in range(2):
        row = page.get_by_role("row", name=f"Writer {number}")
        row.get_by_role("checkbox").check()
    page.get_by_role("combobox", name="Action").select_option("Hide …")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("2 will be hidden.")).to_be_visible()
    page.get_by_role("button", name="Hide them (2)").click()
    expect(page.get_by_text("Choose a reason.").first).to_be_visible()
    page.get_by_label("It is about something else.").check()
    page.get_by_role("button", name="Hide them (2)").click()
    expect(page.get_by_text("Hidden: 2")).to_be_visible()
    hidden = Comment.objects.filter(hidden_for="off-topic").count()
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Undone: 2")).to_be_visible()

    assert hidden == 2
    assert Comment.objects.waiting().count() == 3


def full_desk(page):
    """A desk with everything that it can show."""
    di = make_staff("di", "Moderators")
    campaign = make_campaign()
    parent = make_comment(campaign, "When?", name="Bo")
    write_comment(campaign, "Earlier.").moderated_by(di).show()
    comment = write_comment(
        campaign,
        f"https://example.com/{'long' * 60} and a {'w' * 200}",
        parent=parent,
        findings=[RuleFinding("word", "pills")],
        network_hash="f" * 32,
    )
    comment.moderated_by(di).note("A note of Di.")
    write_comment(campaign, name="W" * 120)
    write_comment(campaign, name="").moderated_by(di).claim()
    page.goto(f"{DESK}{comment.pk}/")
    expect(page.get_by_text("You are looking at it.")).to_be_visible()


def full_desk_hiding(page):
    full_desk(page)
    page.keyboard.press("h")


def full_desk_answering(page):
    full_desk(page)
    page.keyboard.press("r")


def reported(page):
    comment = make_comment(make_campaign())
    comment.report(reason="hate", words="It is mean.", network_hash="a")
    page.goto(DESK)


def appeal(page):
    di = make_staff("di", "Moderators")
    comment = write_comment(make_campaign())
    comment.moderated_by(di).hide("hate", "Line two.")
    comment.by_writer.appeal("No.")
    page.goto(DESK)


def refused(page):
    di = make_staff("di", "Moderators")
    comment = write_comment(make_campaign())
    page.goto(DESK)
    expect(page.get_by_text("You are looking at it.")).to_be_visible()
    Comment.objects.update(claimed_by=None, version=9)
    comment.moderated_by(di).note("x")
    page.keyboard.press("h")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("We changed nothing.")


def done(page):
    campaign = make_campaign()
    write_comment(campaign)
    write_comment(campaign)
    page.goto(DESK)
    page.keyboard.press("a")
    expect(page.locator(".desk-done")).to_be_visible()


def empty(page):
    page.goto(DESK)


def help_open(page):
    full_desk(page)
    page.keyboard.press("?")


def redaction(page):
    comment = write_comment(make_campaign(), "Call 555-0100.")
    page.goto(f"{DESK}{comment.pk}/")
    page.get_by_text("Remove a passage").click()
    page.get_by_label("The passage").fill("555-0100")
    page.get_by_role("button", name="See the text without it").click()
    expect(heading(page)).to_have_text("Remove a passage for good")


def comment_list(page):
    full_desk(page)
    page.goto(LIST)


def preview(page):
    comment_list(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("combobox", name="Action").select_option("Hide …")
    page.get_by_role("button", name="Run").click()
    expect(heading(page)).to_have_text("Hide comments")


def bulk_action(page):
    preview(page)
    page.get_by_label("It is about something else.").check()
    page.get_by_role("button", name="Hide them").click()
    expect(heading(page)).to_have_text("What was done")


def index(page):
    write_comment(make_campaign())
    page.goto("/admin/")


STATES = [
    full_desk,
    full_desk_hiding,
    full_desk_answering,
    reported,
    appeal,
    refused,
    done,
    empty,
    help_open,
    redaction,
    comment_list,
    preview,
    bulk_action,
    index,
]


@pytest.mark.some
@pytest.mark.parametrize(
    "state",
    STATES,
    ids=lambda state: state.__name__,
)
def test_every_moderator_can_use(page, cy, state):
    state(page)

    assert faults_of(page) == []
