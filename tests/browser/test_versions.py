"""Everybody can use the pages of versions, of two editors, and of what was deleted."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import faults_of
from tests.factories import make_letter, make_staff, make_update
from tests.staff.forms import fields_of
from versions.models import Deleted, Version


@pytest.fixture
def signed_in(page, client, live_server, settings):
    """A superuser, in the browser and in a client that has the same session."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client.force_login(make_staff("root", is_superuser=True))
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return client


@pytest.mark.release
def test_everybody_can_use_versions_and_the_deleted(page, signed_in, client):
    letter = make_letter(body="Dear Mayor:\n\n[Your Name & City/Country]")
    path = f"/admin/letters/suggestedletter/{letter.pk}/"
    mine = fields_of(client.get(f"{path}change/"))
    client.post(f"{path}change/", {**mine, "subject": "Please listen to us"})
    newest, oldest = Version.objects.of(letter)
    faults = {}

    def look(name):
        faults[name] = faults_of(page)

    for name, address in {
        "history": f"{path}history/",
        "compare": f"{path}versions/?from={oldest.pk}&to={newest.pk}",
        "restoration": f"{path}versions/{oldest.pk}/restoration/",
        "deletion": f"{path}delete/",
    }.items():
        page.goto(address)
        look(name)
    page.goto(f"{path}change/")
    client.post(f"{path}change/", {**mine, "began": "", "subject": "Please answer"})
    page.get_by_label("Subject", exact=True).fill("Please do something")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Yours, not saved")).to_be_visible()
    look("conflict")
    Deleted.objects.put(make_update(), by=make_staff("bo"))
    entry = Deleted.objects.get()
    for name in ("", f"{entry.pk}/restoration/", f"{entry.pk}/end/"):
        page.goto(f"/admin/versions/deleted/{name}")
        look(f"deleted {name}")

    assert {name: found for name, found in faults.items() if found} == {}
