"""Cy at the moderators' desk, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Moderation
from petitions.models import Signature
from safeguards.blocks import Block
from tests.browser.desk import DESK, expect_at, open_name
from tests.browser.visitor import heading
from tests.factories import (
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    write_comment,
)


@pytest.mark.release
def test_a_long_queue_is_handled_by_keyboard_alone(page, cy):
    number_of_comments = 29
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


def test_the_other_keys_go_on_back_answer_note_take_and_help(page, cy):
    campaign = make_campaign()
    for name in ("First", "Second"):
        write_comment(campaign, name=name)
    page.goto(DESK)
    expect(page.get_by_text("Reserved for you.")).to_be_visible()

    page.keyboard.press("j")
    expect_at(page, "Second")
    page.keyboard.press("k")
    expect_at(page, "First")
    expect(page.get_by_text("Reserved for you.")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(page.get_by_text("Reserved for you.")).to_be_visible()
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
    expect(page.get_by_text("Reserved for you.")).to_be_visible()

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
    expect(page.get_by_text("Reserved for you.")).to_be_visible()
    first.refresh_from_db()
    assert first.claimed_by.username == "cy"
    page.keyboard.press("j")
    expect(open_name(page)).to_have_text("B")
    expect(page.get_by_text("Reserved for you.")).to_be_visible()

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


def test_names_are_decided_on_by_keyboard_whatever_its_letters(page, cy):
    petition = make_petition()
    for name in ("Mayor Hall", "Mayor Wall"):
        email = f"{name.split()[1]}@mail.example"
        make_counted(petition, name=name, email=email, name_found="posing")
    page.goto("/admin/inbox/names/")
    expect(page.locator("[aria-keyshortcuts=h]").first).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.evaluate(
        """() => document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", {key: "ㅁ", code: "KeyA", bubbles: true}))"""
    )
    expect(page.get_by_text("1 name is shown.")).to_be_visible()
    assert Signature.objects.shown().get().name == "Mayor Wall"
    page.keyboard.press("u")
    expect(page.get_by_text("Undone")).to_be_visible()
    page.keyboard.press("h")
    expect(page.get_by_text("1 name is hidden.")).to_be_visible()

    assert Signature.objects.exclude(name_decided_at=None).get().name == "Mayor Hall"
