"""What a visitor does, in the steps that several journeys share."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import ADA, make_letter, make_petition

on_both_screens = pytest.mark.parametrize(
    "screen", [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
)
on_a_phone = pytest.mark.parametrize("screen", [PHONE], ids=["phone"])
with_and_without_javascript = pytest.mark.parametrize(
    "javascript",
    [pytest.param(True, id="scripts on"), pytest.param(False, id="scripts off")],
)
without_javascript = pytest.mark.parametrize("javascript", [False], ids=["scripts off"])
# Each screen and each kind of page once: what depends on both is tested with both.
in_two_browsers = pytest.mark.parametrize(
    ("screen", "javascript"),
    [
        pytest.param(PHONE, True, id="phone, scripts on"),
        pytest.param(DESKTOP, False, id="desktop, scripts off"),
    ],
)


def make_petition_with_letter():
    petition = make_petition()
    make_letter(petition.campaign)
    return petition


def card(page):
    """The part of the action page where one signs."""
    return page.get_by_role("region", name="Take part")


def fill_in(form, name="", email="", city="", country=""):
    form.get_by_label("Full name").fill(name)
    form.get_by_label("Email address").fill(email)
    form.get_by_label("City").fill(city)
    form.get_by_label("Country", exact=True).select_option(country)


def sign(page, path="/campaign-1/", **details):
    """Open the campaign and send the form in its card."""
    page.goto(path)
    fill_in(card(page), **{**ADA, **details})
    card(page).get_by_role("button", name="Sign the petition").click()
    expect(heading(page)).to_have_text("Now check your email")


def open_mail(page, mailbox, *, is_elsewhere=True):
    """The newest mail, in a tab of its own, as webmail shows it.

    Elsewhere, the browser is not known to be the one that sent the form.
    """
    if is_elsewhere:
        page.context.clear_cookies(name="posted")
    mail = page.context.new_page()
    mail.set_content(mailbox.last().get_body(("html",)).get_content())
    return mail


def heading(page):
    return page.get_by_role("heading", level=1)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def code_field(page):
    return page.get_by_role("textbox", name="Code")


def unfold(page, words):
    """Open what a phone shows on request; on a wide screen it stands open."""
    summary = page.locator("summary", has_text=words)
    if summary.is_visible():
        summary.click()


def shown_letter(page):
    """The letter as the preview shows it: paragraphs with an empty line between."""
    return "\n\n".join(page.locator("#sheet .sheet-body p").all_inner_texts())


@dataclass
class Mail:
    """What a mail program makes of a mailto: link (RFC 6068)."""

    to: list
    subject: str
    text: str | None


def mail_from(page):
    """The mail that the button "Open my email app" opens, as it stands now."""
    page.get_by_label("From my email app").check()
    link = page.get_by_role("link", name="Open my email app")
    address = urlsplit(link.get_attribute("href"))
    assert address.scheme == "mailto"
    # A plus sign is a plus sign here: this is no form.
    fields = dict(field.split("=") for field in address.query.split("&"))
    text = fields.get("body")
    return Mail(
        to=[unquote(one) for one in address.path.split(",")],
        subject=unquote(fields["subject"]),
        text=text and unquote(text).replace("\r\n", "\n"),
    )
