"""Leaving a form of staff with something typed asks first; saving it does not."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_petition, make_staff


@pytest.fixture
def tolerated():
    # As in test_staff.py: the editor's own <style>.
    return ["Applying inline style violates"]


@pytest.fixture
def asked(page):
    """The questions that the browser asked; each is answered with "stay"."""
    found = []

    def stay(dialog):
        found.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return found


def test_leaving_with_something_typed_asks_first(page, signed_in, asked):
    campaign = make_petition(title="Foxes", story="<p>They live here.</p>").campaign
    signed_in(make_staff("bo", "Campaigners"))
    for path, field in (
        (f"/admin/editor/campaigns/{campaign.pk}/", "#id_title"),
        (f"/admin/campaigns/campaign/{campaign.pk}/change/", "#id_outcome"),
    ):
        asked.clear()
        page.goto(path)
        page.locator(field).fill("Save the foxes")
        page.get_by_role("link", name="Campaigns", exact=True).first.click()

        expect(page.locator(field)).to_have_value("Save the foxes")
        assert asked == ["beforeunload"]
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(
            page.get_by_text("success").or_(page.get_by_text("Saved."))
        ).to_be_visible()
        assert asked == ["beforeunload"]


def test_leaving_an_untouched_form_asks_nothing(page, signed_in, asked):
    campaign = make_petition(title="Foxes").campaign
    signed_in(make_staff("bo", "Campaigners"))
    page.goto(f"/admin/editor/campaigns/{campaign.pk}/")

    page.get_by_role("link", name="Campaigns", exact=True).first.click()

    expect(page).to_have_url("/admin/campaigns/campaign/")
    assert asked == []
