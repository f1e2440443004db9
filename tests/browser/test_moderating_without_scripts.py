"""Cy at the moderators' desk in a browser that runs no scripts."""

from functools import partial

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from safeguards.blocks import Block
from tests.browser.desk import DESK, LIST, open_name
from tests.browser.visitor import on_a_phone, without_javascript
from tests.factories import make_campaign, make_comment, write_comment


def press_on(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.release
@on_a_phone
@without_javascript
def test_every_act_without_javascript_on_a_phone(page, cy):
    campaign = make_campaign()
    names = ("Show", "Hide", "Spam", "Rest")
    for name in names:
        write_comment(campaign, "Call 555.", name=name)
    Comment.objects.update(network_hash="f" * 32)
    page.goto(DESK)
    expect(page.get_by_role("button", name="Keyboard")).to_be_hidden()

    press = partial(press_on, page)
    press("Reserve it for me")
    expect(page.get_by_text("Reserved for you.")).to_be_visible()
    press("Let others decide")
    expect(page.get_by_role("button", name="Reserve it for me")).to_be_visible()
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
    expect(open_name(page)).to_have_text("Hide")
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

    states = {
        c.name: (c.state, c.hidden_for) for c in Comment.objects.filter(is_answer=False)
    }
    assert states == {
        "Show": ("shown", ""),
        "Hide": ("hidden", "advert"),
        "Spam": ("hidden", "spam"),
        "Rest": ("shown", ""),
    }
    assert Comment.objects.get(is_answer=True).text == "Thank you."
    assert Block.objects.get().value == "ada@mail.example"


@on_a_phone
@without_javascript
def test_a_comment_is_pinned_without_javascript_on_a_phone(page, cy):
    comment = make_comment(make_campaign())
    page.goto(f"{DESK}{comment.pk}/")

    press_on(page, "Pin")
    expect(page.get_by_role("button", name="Unpin", exact=True)).to_be_visible()
    press_on(page, "Unpin")
    expect(page.get_by_role("button", name="Pin", exact=True)).to_be_visible()
    press_on(page, "Undo")
    expect(page.get_by_role("button", name="Unpin", exact=True)).to_be_visible()

    comment.refresh_from_db()
    assert comment.pinned_at is not None


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
    page.get_by_role("button", name="Hide (2)").click()
    expect(page.get_by_text("Choose a reason.").first).to_be_visible()
    page.get_by_label("It is about something else.").check()
    page.get_by_role("button", name="Hide (2)").click()
    expect(page.get_by_text("Hidden: 2")).to_be_visible()
    hidden = Comment.objects.filter(hidden_for="off-topic").count()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 2")).to_be_visible()

    assert hidden == 2
    assert Comment.objects.waiting().count() == 3
