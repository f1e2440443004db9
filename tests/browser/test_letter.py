import pytest
from playwright.sync_api import expect

from letters.models import ReportedLetter
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.visitor import (
    card,
    fill_in,
    heading,
    mail_from,
    make_petition_with_letter,
    on_a_phone,
    shown_letter,
    unfold,
    with_and_without_javascript,
    without_javascript,
)
from tests.factories import ADA

OWN_WORDS = "Hungry & afraid: 100% “wrong” + cruel; 개를 위해 🐕 #stop?"
ADDRESSES = [f"ward{n}@council.example" for n in (1, 2, 3)]


# The action page of a phone, and the page of the letter itself before a wide window.
on_two_pages = pytest.mark.parametrize(
    ("path", "screen"),
    [
        pytest.param("/campaign-1/", PHONE, id="action page, phone"),
        pytest.param("/campaign-1/letter/", DESKTOP, id="own page, desktop"),
    ],
)


@pytest.fixture
def composer(page, path):
    make_petition_with_letter()
    page.goto(path)
    unfold(page, "Open my letter")
    return page.get_by_role("region", name="Call for Action: send the letter")


def change_text(composer):
    composer.get_by_text("Change the subject or the message").click()


@on_two_pages
def test_the_letter_is_seen_as_it_is_written_and_the_mail_holds_what_is_seen(
    page, composer
):
    sheet = composer.locator("#sheet")
    expect(sheet).to_contain_text("[Your Name & City/Country]")
    expect(sheet).not_to_contain_text("[Your own words]")

    composer.get_by_label("Full name").press_sequentially("Ada")
    expect(sheet.locator(".sheet-body p").last).to_have_text("Ada")
    composer.get_by_label("Full name").press_sequentially(" Lovelace")
    composer.get_by_label("City and country").fill("London, UK")
    expect(sheet.locator(".sheet-body p").last).to_have_text("Ada Lovelace, London, UK")
    expect(
        composer.get_by_text("together with others, with your name and city.")
    ).to_be_visible()
    composer.get_by_label("Why does this matter to you?").fill(OWN_WORDS)
    expect(sheet.locator("p").nth(2)).to_have_text(OWN_WORDS)
    expect(
        composer.get_by_text(
            "Your letter will go in its own email, without waiting for others."
        )
    ).to_be_visible()
    expect(
        composer.get_by_text("together with others, with your name and city.")
    ).to_be_hidden()
    change_text(composer)
    composer.get_by_label("Subject").fill("Dogs & cats + 1")
    expect(sheet.locator("dd").last).to_have_text("Dogs & cats + 1")
    message = composer.get_by_label("Message")
    message.fill(message.input_value().replace("Please help.", "Help them!\nSoon."))
    expect(sheet.locator("p").nth(1)).to_have_text("Help them!Soon.")

    mail = mail_from(page)
    assert mail.to == ADDRESSES
    assert mail.subject == "Dogs & cats + 1"
    assert mail.text == shown_letter(page)
    assert mail.text == "\n\n".join(
        [
            "Dear Mayor and Council:",
            "Help them!\nSoon.",
            OWN_WORDS,
            "Thank you.",
            "Ada Lovelace, London, UK",
        ]
    )


@on_a_phone
def test_the_details_of_the_sign_form_flow_into_the_letter(page):
    make_petition_with_letter()
    page.goto("/campaign-1/")

    fill_in(card(page), **ADA)
    unfold(page, "Open my letter")

    letter = page.get_by_role("region", name="Call for Action: send the letter")
    expect(letter.get_by_label("Full name")).to_have_value("Ada Lovelace")
    expect(letter.get_by_label("City and country")).to_have_value(
        "London, United Kingdom"
    )
    signed = "Ada Lovelace, London, United Kingdom"
    expect(letter.locator("#sheet .sheet-body p").last).to_have_text(signed)
    assert mail_from(page).text.endswith(signed)
    letter.get_by_label("Full name").fill("A. Lovelace")
    card(page).get_by_label("City").fill("Paris")
    expect(letter.get_by_label("Full name")).to_have_value("A. Lovelace")
    expect(letter.get_by_label("City and country")).to_have_value(
        "Paris, United Kingdom"
    )


@on_two_pages
@without_javascript
def test_the_preview_is_updated_without_scripts_and_then_the_links_work(page, composer):
    expect(composer.get_by_role("link", name="Open my email app")).to_be_hidden()
    composer.get_by_label("Full name").fill("Ada Lovelace")
    composer.get_by_label("City and country").fill("London, UK")
    composer.get_by_label("Why does this matter to you?").fill(OWN_WORDS)
    change_text(composer)
    composer.get_by_label("Subject").fill("Dogs & cats + 1")
    composer.get_by_role("button", name="Update the preview").click()

    expect(page).to_have_url("/campaign-1/letter/#sheet")
    sheet = page.locator("#sheet")
    expect(sheet.locator("p").nth(2)).to_have_text(OWN_WORDS)
    expect(sheet.locator(".sheet-body p").last).to_have_text("Ada Lovelace, London, UK")
    mail = mail_from(page)
    expect(page.get_by_role("link", name="Open my email app")).to_be_visible()
    assert (mail.to, mail.subject) == (ADDRESSES, "Dogs & cats + 1")
    assert mail.text == shown_letter(page)
    page.get_by_label("Copy and paste").check()
    expect(page.get_by_label("Your finished letter")).to_have_value(mail.text)
    expect(page.get_by_label("Addresses", exact=True)).to_have_value(
        ", ".join(ADDRESSES)
    )
    page.get_by_label("From Gmail, Outlook or Yahoo").check()
    expect(page.get_by_role("link", name="Gmail")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "javascript"), [("/campaign-1/", True), ("/campaign-1/letter/", False)]
)
def test_a_letter_that_was_sent_is_counted(page, composer):
    composer.get_by_label("Full name").fill("Ada Lovelace")
    counts = composer.get_by_role("button", name="Yes, count my letter")
    expect(counts).to_have_count(0)
    composer.get_by_label("From my email app").check()
    counts.click()

    expect(heading(page)).to_have_text("Thank you for your letter")
    main = page.get_by_role("main")
    expect(main).to_contain_text("1 letter so far.")
    expect(main).to_contain_text("What you can do now")
    assert ReportedLetter.objects.counted().count() == 1


@without_javascript
def test_the_enter_key_in_a_field_of_the_letter_shows_it_and_counts_nothing(page):
    make_petition_with_letter()
    page.goto("/campaign-1/letter/")
    page.get_by_label("Full name").fill("Ada Lovelace")
    page.get_by_label("Full name").press("Enter")

    expect(page).to_have_url("/campaign-1/letter/#sheet")
    expect(page.locator("#sheet .sheet-body p").last).to_have_text("Ada Lovelace")
    assert not ReportedLetter.objects.exists()


def test_enter_in_a_field_of_the_letter_leaves_nothing_typed_behind(page):
    make_petition_with_letter()
    page.goto("/campaign-1/")
    fill_in(card(page), **ADA)
    letter = page.get_by_role("region", name="Call for Action: send the letter")
    letter.get_by_label("City and country").fill("London, UK")

    letter.get_by_label("City and country").press("Enter")
    letter.get_by_label("Your email address").press("Enter")

    expect(page).to_have_url("/campaign-1/")
    expect(card(page).get_by_label("Email address")).to_have_value(ADA["email"])
    expect(letter.locator("#sheet .sheet-body p").last).to_have_text(
        "Ada Lovelace, London, UK"
    )
    assert not ReportedLetter.objects.exists()


@with_and_without_javascript
def test_what_is_written_from_right_to_left_runs_in_its_own_direction(page):
    make_petition_with_letter()
    page.goto("/campaign-1/letter/")
    page.get_by_label("Full name").fill("محمد علي")
    page.get_by_label("City and country").fill("Cairo 12")
    update = page.get_by_role("button", name="Update the preview")
    if update.is_visible():
        update.click()

    mine = page.locator("#sheet mark").last
    expect(mine).to_have_text("محمد علي, Cairo 12")
    expect(mine).to_have_attribute("dir", "auto")
