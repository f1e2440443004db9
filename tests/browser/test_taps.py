"""How many taps lie between landing on a campaign's page and being counted."""

import pytest
from playwright.sync_api import expect

from petitions.models import Signature
from tests.browser.visitor import (
    card,
    code_field,
    fill_in,
    heading,
    make_petition_with_letter,
    on_a_phone,
    open_mail,
    sign,
)
from tests.factories import ADA, make_petition

pytestmark = on_a_phone
OF_NEW, OF_KNOWN = 5, 2


class Finger:
    """Taps, and counts how often. Typing and reading are not counted."""

    def __init__(self):
        self.taps = 0

    def tap(self, found):
        self.taps += 1
        found.tap()

    def tap_outside(self):
        """A tap on what belongs to the phone, and not to a page of ours."""
        self.taps += 1


@pytest.fixture
def finger():
    return Finger()


def send_form(page, finger):
    """The phone fills in the form from what it knows, by one tap on its offer."""
    page.goto("/campaign-1/")
    finger.tap(card(page).get_by_label("Full name"))
    finger.tap_outside()
    fill_in(card(page), **ADA)
    finger.tap(card(page).get_by_role("button", name="Sign the petition"))
    expect(heading(page)).to_have_text("Now check your email")


def is_counted():
    return Signature.objects.counted().count() == 1


def test_who_is_new_is_counted_by_the_button_in_the_mail(page, mailbox, work, finger):
    make_petition_with_letter()
    send_form(page, finger)
    work()

    finger.tap_outside()  # on the phone's note that the mail has come
    mail = open_mail(page, mailbox, is_elsewhere=False)
    finger.tap(mail.get_by_role("link", name="Open the page to confirm"))

    expect(heading(mail)).to_have_text("Thank you, Ada Lovelace. 1 person has signed.")
    assert is_counted()
    assert finger.taps <= OF_NEW


def test_who_is_new_is_counted_by_the_code_in_the_subject(page, mailbox, work, finger):
    make_petition_with_letter()
    send_form(page, finger)
    work()

    finger.tap(code_field(page))
    code_field(page).fill(mailbox.last()["Subject"][-6:])
    finger.tap(page.get_by_role("button", name="Confirm"))

    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    assert is_counted()
    assert finger.taps <= OF_NEW


def test_who_returns_is_counted_by_one_tap(page, mailbox, work, finger):
    make_petition_with_letter()
    sign(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").tap()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    following = make_petition()

    page.goto("/campaign-2/")
    finger.tap(card(page).get_by_role("button", name="Sign as Ada L."))

    expect(heading(page)).to_have_text("Thank you, Ada Lovelace. 1 person has signed.")
    assert following.standing.count == 1
    assert finger.taps <= OF_KNOWN
