"""The way of a letter, from the form to the page that says what became of it."""

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.states.signing import thanks
from tests.browser.visitor import heading
from tests.factories import (
    make_ended_campaign,
    make_letter,
    make_recipients,
    make_stance,
)
from tests.letters.makers import make_one_of_each
from tests.letters.makers import write as write_letter


def letter(page):
    make_letter()
    page.goto("/campaign-1/letter/")


def letter_prefilled(page):
    thanks(page)
    page.get_by_role("link", name="Open my letter").click()
    page.get_by_text("Change the subject or the message").click()
    page.get_by_label("From Gmail, Outlook or Yahoo").check()
    expect(page.get_by_role("link", name="Gmail")).to_be_visible()


def letter_with_errors(page):
    letter(page)
    page.get_by_text("Change the subject or the message").click()
    page.get_by_label("Subject").fill("")
    page.get_by_label("Message").fill("")
    page.get_by_label("As a file for my email program").check()
    page.get_by_role("button", name="Download the letter").click()
    expect(page.get_by_role("alert")).to_be_visible()


def letter_without_a_name(page):
    letter(page)
    page.get_by_label("From my email app").check()
    page.get_by_role("link", name="Open my email app").click()
    expect(page.get_by_label("Full name")).to_be_focused()


def letter_sent(page):
    letter(page)
    page.get_by_label("From my email app").check()
    page.get_by_role("button", name="Yes, count my letter").click()
    expect(heading(page)).to_have_text("Thank you for your letter")


def letter_closed(page):
    make_letter(make_ended_campaign())
    page.goto("/campaign-1/letter/")


def letter_not_sendable(page):
    letter(page)
    page.get_by_label("Full name").fill("Mayor@council.example")
    page.get_by_label("Why does this matter").fill("Call me: 555-123-4567")
    page.get_by_role("button", name="Send my letter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("seems to contain: a phone number")


def letter_for_each(page):
    recipients = make_recipients(3)
    recipients.recipients.filter(order=2).update(bounced_at=timezone.now())
    suggested = make_letter(
        recipients=recipients,
        ask="Close the farms.",
        body="[Salutation]\n\n[The ask]\n\n[Your Name & City/Country]",
        thanks_subject="Thank you",
        thanks_body="[Salutation]\n\nThank you.\n\n[Your Name & City/Country]",
    )
    make_stance(suggested, recipients.recipients.get(order=3))
    page.goto("/campaign-1/letter/")
    expect(page.get_by_role("link", name="Thank them")).to_be_visible()


def letter_inbox(page):
    page.goto(write_letter().inbox_url)


def letter_confirmation(page):
    written = write_letter()
    token = written.confirmation.link_key
    page.goto(f"/{written.campaign.slug}/letters/{token}/confirmation/")
    expect(heading(page)).to_have_text("Is this your letter?")


def letter_too_many(page):
    suggested = make_letter()
    for number in range(3):
        write_letter(suggested, text=f"Please help {number}.").confirm()
    token = write_letter(suggested).confirmation.link_key
    page.goto(f"/{suggested.campaign.slug}/letters/{token}/confirmation/")
    page.get_by_role("button", name="Yes, send my letter").click()
    expect(heading(page)).to_have_text("You have written enough today")


def receipt(page):
    page.goto(make_one_of_each().done_url)
    page.get_by_text("Did they answer?").first.click()
    expect(page.locator(".delivery-state")).to_have_count(10)


def receipt_with_errors(page):
    receipt(page)
    page.get_by_role("button", name="Tell the campaign").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


def receipt_without_text(page):
    written = make_one_of_each()
    type(written).objects.all().remove_text()
    page.goto(written.done_url)
    expect(page.get_by_role("main")).to_contain_text("We deleted its text")


def receipt_with_follow_up(page):
    written = make_one_of_each()
    sent = written.deliveries.filter(outcome="sent")
    sent.update(settled_at="2026-01-01T00:00Z")
    page.goto(written.done_url)
    expect(page.locator(".follow-up .button")).to_be_visible()


ALL = [
    letter,
    letter_prefilled,
    letter_with_errors,
    letter_without_a_name,
    letter_sent,
    letter_closed,
    letter_not_sendable,
    letter_for_each,
    letter_inbox,
    letter_confirmation,
    letter_too_many,
    receipt_with_errors,
    receipt_without_text,
    receipt_with_follow_up,
]
