"""The ways to send a letter oneself, each with the letter that the preview shows."""

from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import (
    in_two_browsers,
    mail_from,
    make_petition_with_letter,
    on_a_phone,
    shown_letter,
    with_and_without_javascript,
    without_javascript,
)
from tests.factories import LETTER

ADDRESSES = [f"ward{n}@council.example" for n in (1, 2, 3)]


@pytest.fixture
def letter(page):
    """The letter's page, as it is opened by somebody we do not know."""
    make_petition_with_letter()
    page.goto("/campaign-1/letter/")
    return page


@pytest.fixture
def clipboard(page):
    """A function that reads what a paste would insert."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return lambda: page.evaluate("navigator.clipboard.readText()")


def sign_letter(page):
    page.get_by_label("Full name").fill("Ada Lovelace")
    page.get_by_label("City and country").fill("London, UK")
    page.get_by_label("Why does this matter").fill("Cats & dogs: 100% + 개 🐕")


def test_webmail_opens_with_the_letter_that_is_shown(letter):
    sign_letter(letter)
    letter.get_by_label("From Gmail, Outlook or Yahoo").check()

    for name, host, subject in (
        ("Gmail", "mail.google.com", "su"),
        ("Outlook", "outlook.live.com", "subject"),
        ("Yahoo Mail", "compose.mail.yahoo.com", "subject"),
    ):
        link = letter.get_by_role("link", name=name)
        expect(link).to_be_visible()
        address = urlsplit(link.get_attribute("href"))
        fields = parse_qs(address.query)
        assert (address.scheme, address.netloc) == ("https", host)
        assert fields["to"] == [",".join(ADDRESSES)]
        assert fields[subject] == ["Please help"]
        [body] = fields["body"]
        assert body.replace("\r\n", "\n") == shown_letter(letter)


@on_a_phone
def test_addresses_subject_and_letter_are_copied(letter, clipboard):
    sign_letter(letter)
    letter.get_by_label("Copy and paste").check()

    for button, said, copied in (
        ("Copy addresses", "Addresses copied.", ", ".join(ADDRESSES)),
        ("Copy subject", "Subject copied.", "Please help"),
        ("Copy letter", "Letter copied.", shown_letter(letter)),
    ):
        letter.get_by_role("button", name=button).click()
        expect(letter.locator("[data-status]")).to_have_text(said)
        assert clipboard() == copied


@on_a_phone
def test_a_letter_without_a_name_goes_nowhere_and_says_why(letter, clipboard):
    letter.evaluate("navigator.clipboard.writeText('nothing yet')")
    name = letter.get_by_label("Full name")
    missing = letter.get_by_text("Enter your full name.")

    for way, role, label in (
        ("From my email app", "link", "Open my email app"),
        ("From Gmail, Outlook or Yahoo", "link", "Gmail"),
        ("Copy and paste", "button", "Copy letter"),
    ):
        letter.get_by_label(way).check()
        letter.get_by_role(role, name=label).click()
        expect(missing).to_be_in_viewport(ratio=1)
        expect(name).to_be_focused()
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(name).to_have_accessible_description(missing.inner_text())
        name.press_sequentially("A")
        expect(missing).to_have_count(0)
        expect(name).not_to_have_attribute("aria-invalid", "true")
        name.fill("")
    expect(letter).to_have_url("/campaign-1/letter/")
    assert clipboard() == "nothing yet"


def test_a_letter_too_long_for_a_link_is_copied_and_the_mail_opens_without_it(
    letter, clipboard
):
    sign_letter(letter)
    note = letter.get_by_text("Your letter is too long for this button.")
    expect(note).to_be_hidden()
    letter.get_by_text("Change the subject or the message").click()
    message = letter.get_by_label("Message")
    message.fill(message.input_value().replace("Please help.", "Please, please. " * 90))

    mail = mail_from(letter)
    expect(note).to_be_visible()
    assert (mail.to, mail.subject, mail.text) == (ADDRESSES, "Please help", None)
    letter.get_by_role("link", name="Open my email app").click()
    expect(letter.get_by_role("status")).to_have_text("Letter copied.")
    assert clipboard() == shown_letter(letter)

    letter.get_by_role(
        "button", name="Delete my changes and use the suggested message"
    ).click()
    expect(note).to_be_hidden()
    expect(message).to_have_value(LETTER)
    assert mail_from(letter).text == shown_letter(letter)


@in_two_browsers
def test_the_letter_is_taken_along_as_a_file(letter, javascript):
    sign_letter(letter)
    if not javascript:
        letter.get_by_role("button", name="Update the preview").click()
    expect(letter.locator("#sheet .sheet-body p").last).to_have_text(
        "Ada Lovelace, London, UK"
    )
    letter.get_by_label("As a file for my email program").check()

    with letter.expect_download() as loading:
        letter.get_by_role("button", name="Download the letter").click()

    assert loading.value.suggested_filename == "letter.eml"
    draft = message_from_bytes(
        Path(loading.value.path()).read_bytes(), policy=policy.default
    )
    assert draft["X-Unsent"] == "1"
    assert [a.addr_spec for a in draft["To"].addresses] == ADDRESSES
    assert draft["Subject"] == "Please help"
    assert draft.get_content().replace("\r\n", "\n") == f"{shown_letter(letter)}\n"


def test_a_file_without_a_name_comes_back_as_a_page_that_says_why(letter):
    letter.get_by_label("Why does this matter").fill("Cats & dogs")
    letter.get_by_label("As a file for my email program").check()
    letter.get_by_role("button", name="Download the letter").click()

    summary = letter.get_by_role("alert")
    expect(summary).to_be_in_viewport(ratio=1)
    expect(letter).to_have_title("Error: Send the letter | Letters for Animals")
    expect(letter.get_by_label("Why does this matter")).to_have_value("Cats & dogs")
    summary.get_by_role("link", name="Enter your full name").click()
    expect(letter.get_by_label("Full name")).to_be_focused()


def test_the_page_of_a_failed_letter_starts_at_its_summary(letter):
    letter.get_by_label("As a file for my email program").check()
    letter.get_by_role("button", name="Download the letter").click()

    expect(letter.get_by_role("alert")).to_be_focused()


@with_and_without_javascript
def test_the_way_that_was_chosen_is_kept_when_the_letter_comes_back(letter):
    way = letter.get_by_label("As a file for my email program")
    way.check()
    letter.get_by_role("button", name="Download the letter").click()

    expect(letter.get_by_role("alert")).to_be_visible()
    expect(way).to_be_checked()


def test_an_empty_letter_opens_no_mail_program(letter):
    sign_letter(letter)
    letter.get_by_text("Change the subject or the message").click()
    letter.get_by_label("Subject").fill("")
    letter.get_by_label("Message").fill("")
    letter.get_by_label("From my email app").check()
    letter.get_by_role("link", name="Open my email app").click()

    expect(letter.get_by_text("Enter a message.")).to_be_visible()
    expect(letter.get_by_label("Message")).to_be_focused()
    letter.get_by_label("Message").fill("Dogs")
    expect(letter.get_by_text("Enter a message.")).to_be_hidden()


@without_javascript
def test_without_scripts_the_page_of_the_letter_prints_the_letter_alone(letter):
    sign_letter(letter)
    letter.get_by_role("button", name="Update the preview").click()
    expect(letter.locator("#sheet")).to_contain_text("Ada Lovelace, London, UK")
    letter.get_by_label("On paper, by post").check()
    expect(letter.get_by_text("It prints only your letter.")).to_be_visible()

    letter.emulate_media(media="print")

    expect(letter.locator("#sheet")).to_contain_text("Ada Lovelace, London, UK")
    expect(letter.get_by_role("heading", level=1)).to_be_hidden()
    expect(letter.get_by_role("link", name="Back to the campaign")).to_be_hidden()
