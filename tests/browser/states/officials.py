"""What officials open, and what they answer."""

from playwright.sync_api import expect

from letters.models import (
    AddressCorrection,
    OfficialAnswer,
    OfficialVisit,
    Recipient,
)
from tests.browser.visitor import heading
from tests.factories import (
    make_letter,
    make_recipients,
)
from tests.letters.makers import make_many
from tests.letters.makers import write as write_letter


def official_link(page):
    page.goto("/officials/page/abc/")
    yield "closed"
    make_letter()
    page.goto(f"/officials/{Recipient.objects.first().page_key}/")
    yield "link"
    page.get_by_role("button", name="Email me a link").click()
    expect(heading(page)).to_have_text("Now check your email")
    yield "asked"
    Recipient.objects.update(left_office_on="2026-01-01")
    page.goto(f"/officials/{Recipient.objects.first().page_key}/")
    yield "left"


def official_opening(page, number=30):
    """Of a page with all kinds of letters, from a mail that has come."""
    suggested = make_letter(recipients=make_recipients(1))
    type(suggested.recipient_list).objects.update(place="Porto")
    make_many(suggested, number)
    write_letter(suggested, name="محمد علي", text="x" * 300).confirm()
    official = suggested.recipient_list.recipients.get()
    OfficialVisit.objects.create(
        recipient=official, email=official.email, mail_key="mailed"
    )
    page.goto("/officials/opening/mailed/")


def open_letters(page):
    page.get_by_role("button", name="Open the letters").click()
    expect(heading(page)).to_have_text("Letters to you")


def official_page_with_errors(page):
    official_opening(page)
    yield "opening"
    open_letters(page)
    page.get_by_role("button", name="Send a link to the new address").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "errors"


def official_letters(page, number=1000):
    official_opening(page, number)
    open_letters(page)
    page.get_by_role("link", name="Read and answer").click()
    expect(page.get_by_label("Your answer")).to_be_attached()
    page.get_by_text("Read it").first.click()
    page.get_by_text("The whole letter").first.click()


def official_answer(page):
    official_letters(page, 30)
    page.get_by_label("Your answer").fill("y" * 300)
    page.get_by_role("button", name="Check my answer").click()
    expect(heading(page)).to_have_text("Send this answer?")
    yield "looked at"
    page.get_by_role("button", name="Send my public answer").click()
    expect(page.get_by_role("status")).to_contain_text("We have your answer.")
    yield "answered"


def official_writers(page):
    official_letters(page, 200)
    page.get_by_role("link", name="Who they are").first.click()
    expect(heading(page)).to_contain_text("Who sent the same text")


def new_address(page):
    make_letter()
    official = Recipient.objects.first()
    AddressCorrection.objects.create(
        recipient=official,
        old_email=official.email,
        email=f"{'x' * 60}@council.example",
        mail_key="mailed",
    )
    page.goto("/officials/address/mailed/")
    expect(heading(page)).to_have_text("Is this your address?")
    yield "question"
    page.get_by_role("button", name="Yes, use this address").click()
    expect(heading(page)).to_have_text("Your address is changed")
    yield "confirmed"


def new_address_denied(page):
    make_letter()
    official = Recipient.objects.first()
    typed = AddressCorrection.objects.create(
        recipient=official,
        old_email=official.email,
        email=f"{'x' * 60}@council.example",
    )
    page.goto(f"/officials/objection/{typed.link_key}/")
    yield "question"
    page.get_by_role("button", name="Not me: keep the old address").click()
    expect(heading(page)).to_have_text("Your address is as before")
    yield "taken back"


def answer_to_all(page):
    suggested = make_letter()
    answer = OfficialAnswer.objects.write(
        suggested, Recipient.objects.first(), f"Dear all:\n\n{'y' * 300}"
    )
    answer.publish(by=None, kind="answered")
    page.goto(answer.get_absolute_url())


ALL = [
    official_link,
    official_page_with_errors,
    official_letters,
    official_answer,
    official_writers,
    new_address,
    new_address_denied,
    answer_to_all,
]
