"""My page in a browser: in by mail, put right, taken along, erased."""

import json
from pathlib import Path

from playwright.sync_api import expect

from petitions.models import Signature
from supporters.models import Supporter
from tests.browser.visitor import (
    code_field,
    heading,
    in_two_browsers,
    make_petition_with_letter,
    on_a_phone,
    open_mail,
    sign,
    without_javascript,
)
from tests.factories import sign as make_signature
from tests.factories import write_comment


def ask(page):
    page.goto("/")
    page.get_by_role("link", name="Your page").click()
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_role("button", name="Email me the link").click()
    expect(heading(page)).to_have_text("Now check your email")


@in_two_browsers
def test_a_signer_changes_how_the_name_shows_and_erases_everything(
    page, mailbox, work, javascript
):
    petition = make_petition_with_letter()
    make_signature(petition, shown_as="no").confirm()
    write_comment(petition.campaign, "Please stop this.")
    work()
    mailbox.clear()
    ask(page)

    work()
    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="Open my page").click()
    expect(heading(tab)).to_have_text("Open your page?")
    tab.get_by_role("button", name="Open my page").click()
    expect(heading(tab)).to_have_text("Your page")
    expect(tab.get_by_role("main")).to_contain_text("Your name is not shown.")
    expect(tab.get_by_role("main")).to_contain_text("Please stop this.")
    tab.get_by_role("link", name="Change").click()
    expect(tab.get_by_label("Full name")).to_have_value("Ada Lovelace")
    tab.get_by_label("City").fill("Porto")
    tab.get_by_label("Country").select_option("Portugal")
    tab.get_by_label("Show my name").select_option("first")
    if not javascript:
        tab.get_by_role("button", name="Save").click()
        expect(tab.get_by_role("alert")).to_contain_text("“Ada, Porto, Portugal”")
    expect(tab.get_by_label("Name to show")).to_have_value("Ada")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("status")).to_contain_text("We have changed your signature.")
    expect(tab.get_by_role("main")).to_contain_text("People see: Ada, Porto, Portugal.")

    tab.get_by_role("link", name="Erase everything").click()
    expect(tab.get_by_role("main")).to_contain_text("What stays")
    tab.get_by_role("button", name="Go to the last question").click()
    expect(heading(tab)).to_have_text("Erase everything for good?")
    assert Supporter.objects.exists()
    tab.get_by_role("button", name="Yes, erase everything").click()
    expect(heading(tab)).to_have_text("Everything is erased")
    assert not Supporter.objects.exists()
    assert petition.standing.count == 0
    assert tab.context.cookies() == []


@on_a_phone
@without_javascript
def test_who_has_just_signed_goes_straight_on_and_takes_everything_along(
    page, mailbox, work
):
    make_petition_with_letter()
    sign(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    page.get_by_role("main").get_by_role("link", name="your page").click()
    page.get_by_role("button", name="Open my page").click()
    expect(heading(page)).to_have_text("Your page")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    data = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    page.get_by_role("link", name="Remove my name").click()
    page.get_by_role("button", name="Yes, remove my name").click()

    expect(page.get_by_role("status")).to_contain_text("off the petition")
    assert data["Your signatures"][0]["name"] == "Ada Lovelace"
    assert not Signature.objects.counted().exists()


def test_everybody_can_read_the_mail_that_leads_there(page, mailbox, work):
    ask(page)
    work()
    page.goto("about:blank")
    page.set_content(mailbox.last().get_body(("html",)).get_content())

    expect(page.get_by_role("link", name="Open my page")).to_be_visible()
    assert "opening/" in mailbox.text()
