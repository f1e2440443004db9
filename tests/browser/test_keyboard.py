import pytest
from playwright.sync_api import expect

from comments.models import Comment
from letters.models import Letter, OfficialAnswer
from petitions.models import Signature
from supporters.models import Follow, Report, Supporter
from tests.browser.states.signing import page_of
from tests.browser.visitor import (
    card,
    code_field,
    heading,
    make_petition_with_letter,
    on_both_screens,
    sign,
    without_javascript,
)
from tests.factories import make_comment, make_counted, make_letter, make_petition
from tests.factories import sign as make_signature
from tests.letters.makers import confirmed

# On a phone stand the same elements in the same order. What may lie over them there,
# the bar of a campaign's page, is tried by those who sign and write.
pytestmark = without_javascript
MOST_STEPS = 60
HIDDEN_BY = """
(element) => {
  const box = element.getBoundingClientRect()
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  const shown = there && (element.contains(there) || there.contains(element))
  return shown ? null : there?.outerHTML ?? "the edge of the window"
}
"""


def tab_to(page, wanted):
    """Press Tab until this has the focus, and see it on the way."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            expect(wanted).to_be_in_viewport()
            outline = wanted.evaluate("(e) => getComputedStyle(e).outlineStyle")
            assert outline != "none"
            assert wanted.evaluate(HIDDEN_BY) is None
            return
    pytest.fail(f"Tab does not come to {wanted}")


@on_both_screens
def test_a_supporter_signs_with_the_keyboard_alone(page, mailbox, work):
    make_petition_with_letter()
    page.goto("/campaign-1/")
    keyboard = page.keyboard
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keyboard.press("Enter")

    form = page.locator("#sign")
    tab_to(page, form.get_by_label("Full name"))
    keyboard.type("Ada Lovelace")
    tab_to(page, form.get_by_label("Email address"))
    keyboard.type("ada@mail.example")
    tab_to(page, form.get_by_label("Country", exact=True))
    keyboard.type("United K")
    tab_to(page, form.get_by_label("Show my name on the petition’s page"))
    keyboard.type("Initials")
    tab_to(page, form.get_by_label("Name to show"))
    keyboard.type("A. L.")
    tab_to(page, form.get_by_role("button", name="Sign the petition"))
    keyboard.press("Enter")

    expect(heading(page)).to_have_text("Now check your email")
    work()
    tab_to(page, code_field(page))
    keyboard.type(mailbox.code())
    keyboard.press("Enter")
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    signature = Signature.objects.get()
    assert (signature.counted, signature.public_name.text) == (True, "A. L.")
    assert signature.country.code == "GB"

    tab_to(page, page.get_by_role("link", name="Open my letter"))
    keyboard.press("Enter")
    expect(page.get_by_label("Why does this matter to you?")).to_be_visible()
    tab_to(page, page.get_by_label("Why does this matter to you?"))
    keyboard.type("Dogs are friends.")
    tab_to(page, page.get_by_label("Send it for me"))
    keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("link", name="Open my email app"))


def press(page, wanted):
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def write(page, field, words):
    tab_to(page, field)
    page.keyboard.type(words)


def confirm_by_code(page, mailbox, work):
    expect(heading(page)).to_have_text("Now check your email")
    work()
    write(page, code_field(page), mailbox.code())
    page.keyboard.press("Enter")


def open_my_page(page, mailbox, work):
    page.goto("/mine/")
    write(page, page.get_by_label("Email address"), "ada@mail.example")
    press(page, page.get_by_role("button", name="Email me the link"))
    confirm_by_code(page, mailbox, work)
    expect(heading(page)).to_have_text("Your page")


def test_a_signer_confirms_with_the_keyboard_alone(page):
    page.goto(page_of(make_signature(make_petition()), "confirmation"))

    press(page, page.get_by_role("button", name="Yes, count my signature"))

    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")


def test_a_visitor_comments_with_the_keyboard_alone(page):
    make_petition()
    page.goto("/campaign-1/#comments")
    form = page.locator(".comment-form")
    if (summary := page.get_by_text("Write a comment")).is_visible():
        press(page, summary)

    write(page, form.get_by_label("Name"), "Ada")
    write(page, form.get_by_label("Email address"), "ada@mail.example")
    write(page, form.get_by_label("Comment", exact=True), "Please stop.")
    tab_to(page, form.get_by_label("Email me when my comment is shown"))
    page.keyboard.press("Space")
    press(page, form.get_by_role("button", name="Post comment"))

    expect(heading(page)).to_have_text("Thank you. A person will read your comment.")
    assert Comment.objects.get().text == "Please stop."


def test_a_follower_begins_and_stops_with_the_keyboard_alone(page, mailbox, work):
    make_petition()
    page.goto("/campaign-1/#follow")

    if (summary := page.get_by_text("Get the news by email")).is_visible():
        press(page, summary)
    write(page, page.locator("#follow").get_by_label("Email address"), "a@mail.example")
    press(page, page.locator("#follow").get_by_role("button", name="Follow"))
    confirm_by_code(page, mailbox, work)
    expect(heading(page)).to_have_text("You follow this campaign")
    press(page, page.get_by_role("link", name="Change how often, or stop"))
    expect(page.get_by_role("button", name="Stop them")).to_be_visible()
    press(page, page.get_by_role("button", name="Stop them"))

    expect(heading(page)).to_contain_text("You get no more email updates")
    assert not Follow.objects.get().is_active


def test_a_signer_changes_and_takes_back_a_signature_with_the_keyboard_alone(
    page, mailbox, work
):
    [signature] = make_counted(make_petition(), email="ada@mail.example")
    open_my_page(page, mailbox, work)

    press(page, page.get_by_role("link", name="Change").first)
    expect(page.get_by_label("City")).to_be_visible()
    tab_to(page, page.get_by_label("City"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Porto")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("main")).to_contain_text("Ada Lovelace, Porto")
    press(page, page.get_by_role("link", name="Remove my name").first)
    expect(page.get_by_role("button", name="Yes, remove my name")).to_be_visible()
    press(page, page.get_by_role("button", name="Yes, remove my name"))

    expect(page.get_by_role("status")).to_contain_text("off the petition")
    signature.refresh_from_db()
    assert signature.withdrawn_at is not None


@on_both_screens
def test_a_writer_sends_a_letter_with_the_keyboard_alone(page, mailbox, work):
    make_petition_with_letter()
    page.goto("/campaign-1/letter/")
    letter = page.get_by_role("region", name="Call for Action: send the letter")

    if (summary := page.get_by_text("Open my letter")).is_visible():
        press(page, summary)
    write(page, letter.get_by_label("Full name"), "Ada Lovelace")
    write(page, letter.get_by_label("City and country"), "London, UK")
    write(page, letter.get_by_label("Why does this matter to you?"), "I like dogs.")
    write(page, letter.get_by_label("Your email address"), "ada@mail.example")
    press(page, letter.get_by_role("button", name="Send my letter"))
    confirm_by_code(page, mailbox, work)

    expect(heading(page)).to_have_text("What happens to your letter")
    assert "I like dogs." in Letter.objects.confirmed().get().text


def test_who_returns_signs_by_one_key_and_says_that_it_is_somebody_else(
    page, mailbox, work
):
    make_petition()
    sign(page)
    confirm_by_code(page, mailbox, work)
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    second = make_petition()

    page.goto("/campaign-2/")
    press(page, card(page).get_by_role("button", name="Sign as Ada L."))
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    assert second.standing.count == 1
    page.goto("/campaign-1/")
    press(page, card(page).get_by_role("button", name="Not you?"))

    expect(card(page).get_by_label("Full name")).to_have_value("")
    assert page.context.cookies() == []


def test_a_supporter_erases_everything_with_the_keyboard_alone(page, mailbox, work):
    make_counted(make_petition(), email="ada@mail.example")
    open_my_page(page, mailbox, work)

    press(page, page.get_by_role("link", name="Erase everything"))
    expect(heading(page)).to_have_text("Erase everything about you?")
    press(page, page.get_by_role("button", name="Go to the last question"))
    expect(heading(page)).to_have_text("Erase everything for good?")
    press(page, page.get_by_role("button", name="Yes, erase everything"))

    expect(heading(page)).to_have_text("Everything is erased")
    assert not Supporter.objects.exists()


def test_a_reader_reports_a_comment_with_the_keyboard_alone(page):
    comment = make_comment(make_petition().campaign)
    page.goto(comment.get_absolute_url())

    press(page, page.get_by_role("link", name="Report the comment"))
    expect(heading(page)).to_have_text("Report a comment")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Send the report"))

    expect(heading(page)).to_have_text("Thank you. A moderator will look at it.")
    assert comment.reports.count() == 1


def test_a_reader_reports_illegal_content_with_the_keyboard_alone(page):
    make_petition()
    page.goto("/notices/?about=/campaign-1/")
    send = page.get_by_role("button", name="Send the report")

    press(page, send)
    expect(page.get_by_role("alert")).to_be_visible()
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    write(page, page.get_by_label("Why is it against the law?"), "It says too much.")
    write(page, page.get_by_label("Your name"), "Eve Example")
    write(page, page.get_by_label("Email address"), "eve@mail.example")
    tab_to(page, page.get_by_label("I honestly believe"))
    page.keyboard.press("Space")
    press(page, send)

    expect(heading(page)).to_have_text("We have your report")
    assert Report.objects.get().words == "It says too much."


def test_an_official_answers_with_the_keyboard_alone(page, mailbox, work):
    letter = confirmed(make_letter())
    work()
    official = letter.deliveries.earliest("pk").recipient
    page.goto(official.page_url)

    press(page, page.get_by_role("button", name="Email me a link"))
    expect(heading(page)).to_have_text("Now check your email")
    work()
    page.goto(mailbox.newest_path("/officials/opening/"))
    press(page, page.get_by_role("button", name="Open the letters"))
    expect(heading(page)).to_have_text("Letters to you")
    press(page, page.get_by_role("link", name="Read and answer"))
    write(page, page.get_by_label("Your answer"), "Thank you for your letters.")
    press(page, page.get_by_role("button", name="Check my answer"))
    expect(heading(page)).to_have_text("Send this answer?")
    press(page, page.get_by_role("button", name="Send my public answer"))

    expect(page.get_by_role("status")).to_contain_text("We have your answer.")
    answer = OfficialAnswer.objects.get()
    assert (answer.recipient, answer.text) == (official, "Thank you for your letters.")
