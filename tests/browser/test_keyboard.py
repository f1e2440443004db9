import pytest
from playwright.sync_api import expect

from petitions.models import Signature
from tests.browser.visitor import (
    code_field,
    heading,
    make_petition_with_letter,
    on_both_screens,
    without_javascript,
)

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
@without_javascript
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
    tab_to(page, page.get_by_label("Why does this matter to you?"))
    keyboard.type("Dogs are friends.")
    tab_to(page, page.get_by_label("Send it for me"))
    keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("link", name="Open my email app"))
