""" "Send it for me": from the letter to the receipt, by the button and by the code."""

import re

from playwright.sync_api import expect

from letters.models import Delivery, Letter
from tests.browser.visitor import (
    code_field,
    heading,
    in_two_browsers,
    make_petition_with_letter,
    on_a_phone,
    open_mail,
    unfold,
    with_and_without_javascript,
    wrong,
)

OWN_WORDS = "Hungry & afraid: 100% “wrong”; 개를 위해 🐕"
LETTER = f"""Dear Mayor and Council:

Please help.

{OWN_WORDS}

Thank you.

Ada Lovelace, London, UK"""
OFFICIALS = [f"ward{n}@council.example" for n in (1, 2, 3)]


def write(page, path="/campaign-1/letter/"):
    make_petition_with_letter()
    page.goto(path)
    unfold(page, "Open my letter")
    page.get_by_label("Full name").last.fill("Ada Lovelace")
    page.get_by_label("City and country").fill("London, UK")
    page.get_by_label("Why does this matter to you?").fill(OWN_WORDS)
    expect(page.get_by_label("Send it for me")).to_be_checked()
    page.get_by_label("Your email address").fill("ada@mail.example")
    send = page.get_by_role("button", name="Send my letter")
    expect(page.locator(".way", has=send)).to_contain_text(
        "anybody can ask to see letters"
    )
    send.click()
    expect(heading(page)).to_have_text("Now check your email")
    expect(page.get_by_role("main")).to_contain_text(
        "We send your letter only after you have confirmed."
    )


def expect_receipt(page, mailbox, work):
    """The receipt, before and after the worker has been at it."""
    expect(heading(page)).to_have_text("What happens to your letter")
    states = page.locator(".delivery-state")
    expect(states).to_have_text("Not sent yet: it usually leaves within a few minutes.")
    mailbox.clear()
    mailbox.refuse(OFFICIALS[1], "550 5.7.1 not from you")

    work()
    page.reload()

    expect(states).to_have_text(
        [
            "Handed to our mail service",
            "Refused: their server refused it",
            "Handed to our mail service",
        ]
    )
    paragraphs = page.locator(".sheet-body p").all_inner_texts()
    assert "\n\n".join(paragraphs) == LETTER
    by_address = {m.envelope_to[0]: m for m in mailbox.messages}
    for official in (OFFICIALS[0], OFFICIALS[2]):
        text = by_address[official].get_content().replace("\r", "")
        assert text.startswith(f"{LETTER}\n\n-- \n")
    assert sorted(m["Subject"] for m in mailbox.messages if "ada@" in m["To"]) == [
        "A copy of your letter",
        "Your letter did not reach everybody",
    ]


@in_two_browsers
def test_a_letter_is_sent_by_the_button_behind_the_link_in_the_mail(
    page, mailbox, work
):
    write(page)
    work()
    assert not Delivery.objects.exists()

    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="See and send my letter").click()
    expect(heading(tab)).to_have_text("Is this your letter?")
    expect(tab.get_by_role("main")).to_contain_text(OWN_WORDS)
    assert not Delivery.objects.exists()
    tab.get_by_role("button", name="Yes, send my letter").click()

    expect_receipt(tab, mailbox, work)
    [consent] = Letter.objects.get().confirmation.consents.all()
    assert "anybody can ask to see letters" in consent.words


@in_two_browsers
def test_a_letter_is_sent_by_the_code_in_the_tab_that_is_still_open(
    page, mailbox, work
):
    write(page, "/campaign-1/")
    work()

    code_field(page).fill(wrong(mailbox.code()))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the code")
    assert not Delivery.objects.exists()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()

    expect_receipt(page, mailbox, work)


@on_a_phone
@with_and_without_javascript
def test_the_writer_comes_back_by_the_copy_and_tells_of_an_answer(
    page, mailbox, work, javascript
):
    write(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_have_text("What happens to your letter")
    mailbox.clear()
    work()
    [copy] = [m for m in mailbox.messages if m["Subject"] == "A copy of your letter"]
    mailbox.messages.append(copy)

    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="See what happens to my letter").click()
    expect(heading(tab)).to_have_text("What happens to your letter")
    first = tab.locator(".delivery details").first
    first.locator("summary").click()
    first.get_by_label("Yes").check()
    first.get_by_label("When?").fill("2026-11-02")
    first.get_by_label("What did they say?").fill("They will look into it.")
    first.get_by_role("button", name="Tell the campaign").click()

    expect(tab.locator(".delivery-state").first).to_have_text(
        "Answered on 2 November 2026, as you told us"
    )
    delivery = Delivery.objects.order_by("pk").first()
    assert delivery.was_answered
    assert delivery.answer == "They will look into it."


def test_a_browser_that_has_confirmed_this_address_sends_at_once(page, mailbox, work):
    write(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_have_text("What happens to your letter")

    page.goto("/campaign-1/letter/")
    expect(page.get_by_label("Your email address")).to_have_value("ada@mail.example")
    page.get_by_role("button", name="Send my letter").click()

    expect(heading(page)).to_have_text("What happens to your letter")
    expect(page).to_have_url(re.compile("/receipt/$"))
    assert Letter.objects.confirmed().count() == 2


def test_all_that_is_missing_is_said_and_kept(page):
    make_petition_with_letter()
    page.goto("/campaign-1/letter/")
    page.get_by_label("Why does this matter to you?").fill(OWN_WORDS)
    page.get_by_role("button", name="Send my letter").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter your full name")
    expect(summary).to_contain_text("Enter your email address.")
    expect(page.get_by_label("Why does this matter to you?")).to_have_value(OWN_WORDS)
    summary.get_by_role("link", name="Enter your email address.").click()
    expect(page.get_by_label("Your email address")).to_be_focused()
