"""A link that a supporter passes on, from the thank-you page to the friend and back."""

import re

from playwright.sync_api import expect

from petitions.models import Signature
from tests.browser.visitor import (
    card,
    code_field,
    fill_in,
    heading,
    on_a_phone,
    sign,
    with_and_without_javascript,
)
from tests.factories import (
    ADA,
    make_campaign,
    make_letter,
    make_petition,
    make_recipients,
    make_update,
)
from tests.letters.makers import confirmed


@on_a_phone
@with_and_without_javascript
def test_a_supporter_sees_that_a_friend_has_signed_through_their_link(
    page, mailbox, work
):
    make_petition()
    sign(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    link = page.get_by_label("Your own link").input_value()
    whatsapp = page.get_by_role("link", name="WhatsApp").get_attribute("href")
    thanks = page.url
    assert link.split("?")[1] in whatsapp.replace("%3D", "=")

    friend = page.context.browser.new_context().new_page()
    friend.goto(link)
    bo = {**ADA, "name": "Bo Li", "email": "bo@mail.example"}
    fill_in(card(friend), **{**bo, "name": ""})
    card(friend).get_by_role("button", name="Sign the petition").click()
    expect(friend.get_by_role("alert")).to_be_visible()
    friend.get_by_label("Full name").fill("Bo Li")
    friend.get_by_role("button", name="Sign the petition").click()
    expect(heading(friend)).to_have_text("Now check your email")
    page.goto(thanks)
    expect(page.get_by_role("main")).to_contain_text(
        "you see how many people sign through it"
    )
    work()
    code_field(friend).fill(mailbox.code())
    friend.get_by_role("button", name="Confirm").click()
    expect(heading(friend)).to_contain_text("Thank you, Bo Li.")
    friend.context.close()

    through = "1 person has signed through your link."
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(through)
    page.get_by_role("main").get_by_role("link", name="your page").click()
    page.get_by_role("button", name="Open my page").click()
    expect(heading(page)).to_have_text("Your page")
    expect(page.get_by_role("main")).to_contain_text(through)
    expect(page.get_by_role("link", name=link)).to_be_visible()


@on_a_phone
def test_who_comes_by_an_update_that_a_signer_has_shared_is_counted_for_them(
    page, mailbox, work
):
    petition = make_petition()
    update = make_update(petition.campaign)
    sign(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_contain_text("Thank you")
    page.goto(update.get_absolute_url())
    link = page.get_by_label("Your own link").input_value()
    page.goto("/campaign-1/")
    assert page.get_by_label("Your own link").input_value().endswith(link[-10:])

    friend = page.context.browser.new_context().new_page()
    friend.goto(link)
    friend.get_by_role("link", name="Take part").click()
    fill_in(card(friend), **{**ADA, "name": "Bo Li", "email": "bo@mail.example"})
    card(friend).get_by_role("button", name="Sign the petition").click()
    expect(heading(friend)).to_have_text("Now check your email")

    ada = petition.signatures.counted().get()
    assert Signature.objects.latest("pk").referral_code == ada.share_code
    friend.context.close()


@on_a_phone
def test_the_phones_own_sheet_and_kakaotalk_get_the_message_and_the_link(page):
    """A browser of tests has no sheet, so what would open it notes what it gets."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(
        "window.shared = []; navigator.share = async (what) => { shared.push(what) }"
    )
    make_petition(make_campaign(share_text="Come & help 🐕"))
    page.goto("/campaign-1/")
    link = f"{page.url}?s="

    page.get_by_role("button", name="Share…").click()
    page.get_by_role("button", name="KakaoTalk").click()

    assert page.evaluate("shared") == [
        {"text": "Come & help 🐕", "url": f"{link}share"}
    ]
    expect(page.get_by_role("button", name="Copied: paste it there")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"Come & help 🐕 {link}kakao"


@on_a_phone
def test_who_closes_the_phones_own_sheet_is_told_of_no_fault(page):
    page.add_init_script(
        "navigator.share = async () => { throw new DOMException('', 'AbortError') }"
    )
    make_petition()
    page.goto("/campaign-1/")

    page.get_by_role("button", name="Share…").click()

    expect(page.get_by_role("button", name="Share…")).to_be_enabled()


def test_a_browser_without_a_sheet_of_its_own_has_no_button_for_it(page):
    make_petition()
    page.goto("/campaign-1/")

    expect(page.get_by_role("button", name="KakaoTalk")).to_be_visible()
    expect(page.get_by_role("button", name="Share…")).to_be_hidden()


def test_the_code_of_a_link_takes_no_other_query_away(page):
    letter = confirmed(make_letter(recipients=make_recipients(31)))

    page.goto(f"{letter.done_url}?s=whatsapp")

    back = page.get_by_role("link", name="Back to the campaign")
    expect(back).to_have_attribute("href", re.compile(r"/campaign-1/\?s=whatsapp$"))
    page.get_by_label("Pages of recipients").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile(r"page=2"))
