from playwright.sync_api import expect

from petitions.models import ShownAs, Signature, TallyEntry
from tests.browser.visitor import (
    code_field,
    heading,
    in_two_browsers,
    mail_from,
    make_petition_with_letter,
    open_mail,
    sign,
    wrong,
)
from tests.factories import ADA, make_petition


@in_two_browsers
def test_a_supporter_signs_by_the_button_behind_the_link_in_the_mail(
    page, mailbox, work
):
    petition = make_petition_with_letter()
    TallyEntry.objects.create(petition=petition, country="PT", delta=60)
    sign(page)
    expect(page.get_by_text("ada@mail.example").first).to_be_visible()
    assert petition.standing.count == 60

    work()
    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="Open the page to confirm").click()
    expect(heading(tab)).to_have_text("Is this your signature?")
    expect(tab.get_by_role("main")).to_contain_text("Ada Lovelace")
    expect(tab.get_by_role("main")).to_contain_text("London, United Kingdom")
    expect(tab.get_by_role("main")).to_contain_text("Not shown, only counted")
    tab.get_by_role("button", name="Yes, count my signature").click()

    expect(heading(tab)).to_have_text("Thank you, Ada Lovelace. 61 people have signed.")
    expect(tab.get_by_text("Next goal: 75")).to_be_visible()
    signature = Signature.objects.get(confirmation__supporter__email=ADA["email"])
    assert signature.counted
    assert not signature.shows_name
    assert [c.kind for c in signature.confirmation.consents.all()] == ["signature"]

    tab.get_by_role("link", name="Open my letter").click()
    expect(tab.get_by_label("Full name")).to_have_value("Ada Lovelace")
    expect(tab.get_by_label("City and country")).to_have_value("London, United Kingdom")
    signed = "Ada Lovelace, London, United Kingdom"
    expect(tab.locator("#sheet .sheet-body p").last).to_have_text(signed)
    assert mail_from(tab).text.endswith(signed)


@in_two_browsers
def test_a_supporter_signs_by_the_code_in_the_tab_that_is_still_open(
    page, mailbox, work, javascript
):
    petition = make_petition_with_letter()
    sign(page)
    work()

    code_field(page).fill(wrong(mailbox.code()))
    page.get_by_role("button", name="Confirm").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("This is not the code from the newest email.")
    expect(page).to_have_title("Error: Check your email | Letters for Animals")
    expect(code_field(page)).to_have_value(wrong(mailbox.code()))
    expect(code_field(page)).to_have_accessible_description(
        "Error: This is not the code from the newest email. Check the email again."
    )
    if javascript:
        expect(summary).to_be_focused()
    assert petition.standing.count == 0

    summary.get_by_role("link").click()
    expect(code_field(page)).to_be_focused()
    code_field(page).fill(f" {mailbox.code()[:3]} {mailbox.code()[3:]}")
    page.get_by_label("This is my own phone or computer").check()
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text("Thank you, Ada Lovelace. 1 person has signed.")
    assert Signature.objects.get().counted
    [cookie] = page.context.cookies()
    now = page.evaluate("Date.now() / 1000")  # the browser's clock, not ours
    days = (cookie["expires"] - now) / 86400
    assert 29.9 < days <= 30


def test_the_script_proposes_the_name_that_the_server_would(page):
    make_petition()
    page.goto("/campaign-1/signatures/")
    shown = page.get_by_label("Name to show")

    for name in (
        "Maria Silva",
        "Silva, Maria",
        "Prof. Dr. med. Anna Weber",
        "Mr John Smith",
        "Martin King Jr.",
        "Ada – Lovelace",
        "Dr. Weber",
        "Dr.",
    ):
        page.get_by_label("Full name").fill(name)
        for choice in ("first", "initials"):
            page.get_by_label("Show my name").select_option(choice)
            proposed = ShownAs(choice).propose(name, "")
            expect(shown, f"{name}, {choice}").to_have_value(proposed)
