from playwright.sync_api import expect

from petitions.models import Signature
from tests.browser.visitor import (
    card,
    fill_in,
    heading,
    in_two_browsers,
    make_petition_with_letter,
    with_and_without_javascript,
    without_javascript,
)
from tests.factories import ADA, make_petition


@in_two_browsers
def test_a_failed_form_comes_back_alone_with_everything_kept_and_is_mended(
    page, javascript
):
    make_petition_with_letter()
    page.goto("/campaign-1/")
    fill_in(card(page), name="Ada Lovelace", email="ada@nowhere", city="London")
    card(page).get_by_label("Show my name").select_option("full")
    card(page).get_by_role("button", name="Sign the petition").click()

    expect(heading(page)).to_have_text("Sign the petition")
    expect(page).to_have_title("Error: Sign the petition | Letters for Animals")
    expect(page.get_by_role("heading", name="Call for Action")).to_have_count(0)
    summary = page.get_by_role("alert")
    expect(summary).to_be_in_viewport(ratio=1)
    if javascript:
        expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            "Enter a full email address, like name@example.com.",
            "Choose your country.",
        ]
    )
    main = page.get_by_role("main")
    expect(main.get_by_label("Full name")).to_have_value("Ada Lovelace")
    expect(main.get_by_label("Email address")).to_have_value("ada@nowhere")
    expect(main.get_by_label("City")).to_have_value("London")
    expect(main.get_by_label("Show my name")).to_have_value("full")

    summary.get_by_role("link", name="Choose your country.").click()
    country = main.get_by_label("Country", exact=True)
    expect(country).to_be_focused()
    expect(country).to_be_in_viewport(ratio=1)
    expect(country).to_have_accessible_description("Error: Choose your country.")
    error = main.locator(".field-error", has_text="Choose your country.")
    expect(error).to_be_in_viewport(ratio=1)
    country.select_option("United Kingdom")
    summary.get_by_role("link", name="Enter a full email address").click()
    email = main.get_by_label("Email address")
    expect(email).to_be_focused()
    email.fill("Ada@Mail.example")
    assert not Signature.objects.exists()
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text("Now check your email")
    signature = Signature.objects.get()
    assert signature.name == "Ada Lovelace"
    assert signature.confirmation.email == "ada@mail.example"
    assert signature.place == "London, United Kingdom"
    assert signature.public_name.text == "Ada Lovelace"


def test_a_chosen_country_is_kept_when_something_else_is_missing(page):
    make_petition_with_letter()
    page.goto("/campaign-1/signatures/")
    fill_in(page.get_by_role("main"), email="ada@mail.example", country="KR")
    page.get_by_role("button", name="Sign the petition").click()

    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_text(["Enter your full name."])
    expect(page.get_by_label("Country", exact=True)).to_have_value("KR")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Full name")).to_be_focused()


@with_and_without_javascript
def test_a_slip_is_asked_about_and_enter_keeps_what_was_typed(page):
    make_petition()
    page.goto("/campaign-1/signatures/")
    fill_in(page, **{**ADA, "email": "ada@gmial.com"})
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("button", name="Use ada@gmail.com").first).to_be_visible()

    page.get_by_label("Full name").press("Enter")

    expect(heading(page)).to_have_text("Now check your email")
    expect(page.get_by_text("ada@gmial.com").first).to_be_visible()


def test_the_address_that_was_meant_is_filled_in_and_not_sent(page):
    make_petition()
    page.goto("/campaign-1/signatures/")
    fill_in(page, **{**ADA, "email": "ada@gmial.com"})
    page.get_by_role("button", name="Sign the petition").click()

    page.get_by_role("button", name="Use ada@gmail.com", exact=True).click()

    expect(page.get_by_label("Email address")).to_have_value("ada@gmail.com")
    expect(page.get_by_label("Email address")).to_be_focused()
    expect(page.get_by_role("button", name="Use ada@gmail.com")).to_have_count(0)
    assert not Signature.objects.exists()
    page.get_by_role("button", name="Sign the petition").click()
    expect(heading(page)).to_have_text("Now check your email")
    assert Signature.objects.get().confirmation.email == "ada@gmail.com"


@without_javascript
def test_without_scripts_the_button_sends_and_says_so(page):
    make_petition()
    page.goto("/campaign-1/signatures/")
    fill_in(page, **{**ADA, "email": "ada@gmial.com"})
    page.get_by_role("button", name="Sign the petition").click()

    page.get_by_role("button", name="Use ada@gmail.com and send").click()

    expect(heading(page)).to_have_text("Now check your email")
    assert Signature.objects.get().confirmation.email == "ada@gmail.com"
