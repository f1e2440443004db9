"""An alert leads to a page that there is, also after its own was removed."""

import pytest

from staff.models import Alert
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
REMOVED = [
    "/admin/promises/",
    "/admin/held/?kind=letter",
    "/admin/petitions/petition/desk/",
    "/admin/no-such-app/",
]
PRESENT = [
    "/admin/",
    "/admin/inbox/held/",
    "/admin/petitions/petition/confirmations/?domain=x",
    "/admin/account/password/reset/",
    "/ko/campaign-1/",
]


def sounded(page):
    return Alert.objects.sound("a kind", page, "News", "Look at this.", page)


@pytest.mark.parametrize("page", REMOVED)
def test_one_whose_page_was_removed_leads_to_the_inbox(client, mailbox, work, page):
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    sounded(page)
    work()
    client.force_login(bo)

    listed = client.get("/admin/inbox/alerts/").text

    assert 'href="/admin/inbox/">Look at it<' in listed
    assert page not in listed
    assert "/admin/inbox/" in mailbox.text()
    assert page not in mailbox.text()


@pytest.mark.parametrize("page", PRESENT)
def test_any_other_leads_to_its_page(page):
    assert sounded(page).address == page
