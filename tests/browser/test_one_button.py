"""One button of a page is filled, so that people see what to do next."""

import pytest

from tests.browser.states import desk, letters, signing


def filled(page):
    """The words of the filled buttons in the main part of a page."""
    return page.locator("main :is(.button, [type=submit])").evaluate_all(
        """found => found
            .filter(one => one.checkVisibility())
            .filter(one => !getComputedStyle(one).backgroundColor.endsWith(", 0)"))
            .map(one => one.value || one.innerText.trim())"""
    )


@pytest.mark.parametrize(
    ("state", "button"),
    [
        (signing.thanks, "Open my letter"),
        (letters.letter_sent, "Copy link"),
        (desk.invitation, "Create my account"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_one_button_is_filled(page, state, button):
    state(page)

    assert filled(page) == [button]


def test_the_table_of_periods_scrolls_with_the_page(page):
    page.goto("/privacy/")

    hidden = page.locator(".table-wrap").evaluate(
        "table => table.scrollHeight - table.clientHeight"
    )

    assert hidden == 0
