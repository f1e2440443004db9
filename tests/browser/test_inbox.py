from playwright.sync_api import expect

from petitions.models import Petition, Signature
from tests.browser.visitor import (
    code_field,
    heading,
    make_petition_with_letter,
    open_mail,
    sign,
)


def test_the_mail_is_sent_again_and_its_code_is_the_one_that_counts(
    page, mailbox, work
):
    petition = make_petition_with_letter()
    sign(page)
    work()
    old = mailbox.code()

    page.get_by_role("button", name="Send the email again").click()
    expect(page.get_by_role("status")).to_have_text(
        "We are sending a new email to ada@mail.example. "
        "If we have sent several in the last hour, it comes later."
    )
    work()
    assert len(mailbox.messages) == 2

    code_field(page).fill(old)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "not the code from the newest email"
    )
    assert petition.standing.count == 0
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_have_text("Thank you, Ada Lovelace. 1 person has signed.")


def test_an_address_with_a_slip_in_it_is_changed_and_the_new_one_confirms(
    page, mailbox, work
):
    make_petition_with_letter()
    sign(page, email="dada@mail.example")
    work()
    first = open_mail(page, mailbox)

    page.get_by_label("Email address").fill("ada at mail.example")
    page.get_by_role("button", name="Send the email again").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Enter a full email address")
    expect(alert).to_be_focused()
    expect(page.get_by_label("Email address")).to_have_value("ada at mail.example")
    page.get_by_label("Email address").fill("ada@mail.example")
    page.get_by_role("button", name="Send the email again").click()
    expect(page.get_by_role("status")).to_contain_text("ada@mail.example")
    expect(page.get_by_role("main")).not_to_contain_text("dada@mail.example")
    work()
    assert mailbox.last()["To"] == "ada@mail.example"

    first.get_by_role("link", name="Open the page to confirm").click()
    expect(heading(first)).to_have_text("This link no longer works")
    second = open_mail(page, mailbox)
    second.get_by_role("link", name="Open the page to confirm").click()
    second.get_by_role("button", name="Yes, count my signature").click()
    expect(heading(second)).to_contain_text("Thank you, Ada Lovelace.")
    signature = Signature.objects.get()
    assert signature.counted
    assert signature.confirmation.email == "ada@mail.example"


def test_an_address_that_is_refused_is_said_to_be(page, mailbox, work):
    make_petition_with_letter()
    mailbox.refuse("ada@mail.example", "550 5.1.1 No such mailbox")
    sign(page)
    work()

    page.reload()

    expect(page.get_by_role("alert")).to_contain_text(
        "Our mail service could not send to this address."
    )


def test_a_name_is_taken_back_by_the_link_in_the_mail(page, mailbox, work):
    make_petition_with_letter()
    sign(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")

    tab = open_mail(page, mailbox)
    tab.get_by_role("link", name="remove my name").click()
    expect(heading(tab)).to_have_text("Remove your name?")
    expect(tab.get_by_role("main")).to_contain_text("Ada Lovelace")
    assert Petition.objects.get().standing.count == 1
    tab.get_by_role("button", name="Yes, remove my name").click()

    expect(heading(tab)).to_have_text("Your name is off the petition")
    signature = Signature.objects.get()
    assert not signature.counted
    assert signature.withdrawn_at is not None
    assert Petition.objects.get().standing.count == 0
