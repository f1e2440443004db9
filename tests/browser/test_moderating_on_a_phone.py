"""Cy moderates on a phone: the text stays in sight, and replies are at hand."""

from playwright.sync_api import expect

from comments.models import Comment, SavedReply
from tests.browser.desk import DESK
from tests.browser.test_accessible import faults_of
from tests.browser.visitor import on_a_phone
from tests.factories import make_campaign, write_comment

TEXT = "The council should hear everybody. " * 40


@on_a_phone
def test_the_text_stays_in_sight_while_a_reason_is_chosen(page, cy):
    write_comment(make_campaign(), TEXT)
    page.goto(DESK)

    page.locator("summary", has_text="Hide").click()
    last = page.get_by_label("It is against the law.")
    last.scroll_into_view_if_needed()

    expect(last).to_be_in_viewport()
    expect(page.locator(".desk-text")).to_be_in_viewport(ratio=0.99)
    text, choice = page.locator(".desk-text").bounding_box(), last.bounding_box()
    assert text["y"] + text["height"] <= choice["y"]
    assert faults_of(page) == []


@on_a_phone
def test_no_key_is_hinted_at_where_there_is_no_keyboard(page, cy):
    write_comment(make_campaign())
    page.goto(DESK)

    expect(page.get_by_text("Reserved for you.")).to_be_visible()
    assert page.locator("kbd:visible").count() == 0


@on_a_phone
def test_a_saved_reply_is_put_beside_what_is_typed(page, cy):
    write_comment(make_campaign(title="Bucheon"), name="Bo")
    SavedReply.objects.create(title="Thanks", text="Dear [Name], thank you.")
    page.goto(DESK)

    page.locator("summary", has_text="Answer").click()
    field = page.get_by_label("Answer as the campaign")
    field.fill("Good morning!")
    page.get_by_role("link", name="Thanks").click()
    expect(field).to_have_value("Good morning!\n\nDear Bo, thank you.")
    page.get_by_role("button", name="Approve and answer").click()

    expect(page.get_by_text("Nothing is waiting.").first).to_be_visible()
    answer = Comment.objects.get(is_answer=True)
    assert answer.text == "Good morning!\n\nDear Bo, thank you."
