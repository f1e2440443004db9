"""The gentle check for private numbers, where the browser makes it."""

from playwright.sync_api import expect

from tests.browser.visitor import (
    heading,
    make_petition_with_letter,
    on_a_phone,
    without_javascript,
)
from tests.letters.care_examples import LEFT_ALONE, NOTICED, PHONE

LOOK = """
async (texts) => {
  const { noticed } = await import("/static/js/letter.js")
  return texts.map(([text, known]) => noticed(text, known))
}
"""
POINTED_OUT = "Your letter seems to contain: a phone number (555-123-4567)"


def open_letter(page):
    make_petition_with_letter()
    page.goto("/campaign-1/letter/")


def test_the_browser_finds_what_the_server_finds(page):
    open_letter(page)
    text, [(_kind, words)] = NOTICED[0]
    known = [(text, words), (f"{text} or 555-765-4321", words)]

    found = page.evaluate(
        LOOK,
        [*((t, "") for t, _found in NOTICED), *((t, "") for t in LEFT_ALONE), *known],
    )

    expected = [[[kind, words] for kind, words in found] for _text, found in NOTICED]
    nothing = [[] for _text in LEFT_ALONE]
    assert found == [*expected, *nothing, [], [[PHONE, "555-765-4321"]]]


def test_it_is_pointed_out_as_one_types_and_hinders_nothing(page):
    open_letter(page)
    own_words = page.get_by_label("Why does this matter to you?")
    notice = page.get_by_role("status").filter(has_text="seems to contain")
    expect(notice).to_be_hidden()

    own_words.fill("Call me: 555-123-4567")
    expect(notice).to_contain_text(POINTED_OUT)
    own_words.fill("Call me.")
    expect(notice).to_be_hidden()
    own_words.fill("Call me: 555-123-4567")
    page.get_by_label("Full name").fill("Ada Lovelace")
    page.get_by_label("Your email address").fill("ada@mail.example")
    page.get_by_role("button", name="Send my letter").click()

    expect(heading(page)).to_have_text("Now check your email")


@on_a_phone
@without_javascript
def test_the_server_points_it_out_without_scripts(page):
    open_letter(page)
    page.get_by_label("Why does this matter to you?").fill("Call me: 555-123-4567")

    page.get_by_role("button", name="Update the preview").click()

    expect(page.get_by_role("main")).to_contain_text(POINTED_OUT)
