"""Somebody who comes back to a browser in which they have confirmed their address."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import (
    card,
    code_field,
    heading,
    in_two_browsers,
    make_petition_with_letter,
    sign,
)
from tests.factories import make_petition

pytestmark = in_two_browsers


@pytest.fixture
def signed(page, mailbox, work):
    """Ada has signed the first campaign here."""
    petition = make_petition_with_letter()
    sign(page)
    work()
    code_field(page).fill(mailbox.code())
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    mailbox.clear()
    return petition


def test_who_returns_signs_by_one_press(page, signed, mailbox, work):
    following = make_petition()

    page.goto("/campaign-2/")
    card(page).get_by_role("button", name="Sign as Ada L.").press("Enter")

    expect(heading(page)).to_have_text("Thank you, Ada Lovelace. 1 person has signed.")
    assert following.standing.count == 1
    work()
    assert mailbox.messages == []


def test_who_has_signed_is_led_on_and_not_you_gives_back_the_empty_form(page, signed):
    page.goto("/campaign-1/")
    expect(card(page)).to_contain_text("Ada L., you signed on")
    card(page).get_by_role("button", name="Not you?").click()

    expect(card(page).get_by_label("Full name")).to_have_value("")
    assert page.context.cookies() == []
