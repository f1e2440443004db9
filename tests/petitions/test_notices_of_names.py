"""A notice of illegal content about a signer's name is decided with the name."""

import pytest
from django.utils import timezone

from outbox.models import OutgoingMail
from supporters.models import Report
from tests.factories import (
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    make_staff_who,
)
from tests.staff.forms import fields_of
from tests.supporters.test_notices import TYPED, to_notifier, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_at_once")]
NAMES = "/admin/inbox/names/"


@pytest.fixture(autouse=True)
def cy(mailbox):
    return make_staff("cy", "Moderators")


@pytest.fixture
def petition():
    return make_petition(make_campaign(slug="foxes"))


@pytest.fixture
def signature(petition):
    [found] = make_counted(petition, name="Eve Is A Thief")
    return found


@pytest.fixture
def notice(client, signature):
    address = f"http://testserver/foxes/signatures/newest/{signature.public_name.number}/report/"
    client.post("/notices/", {**TYPED, "location": address})
    return Report.objects.get()


@pytest.fixture
def told(work, mailbox):
    """The minutes for a second thought are over: the last mail to the notifier."""

    def told():
        OutgoingMail.objects.open().update(due_at=timezone.now())
        work()
        return words_of(to_notifier(mailbox)[-1])

    return told


@pytest.fixture
def decide(client, cy, signature):
    client.force_login(cy)

    def decide(decision):
        typed = {"decision": decision, "row": signature.pk}
        return client.post(NAMES, typed, follow=True)

    return decide


def test_the_page_of_a_name_leads_to_the_form(client, signature):
    path = f"/foxes/signatures/newest/{signature.public_name.number}/report/"
    page = client.get(path).text

    assert f'href="/notices/?about={path}"' in page
    assert "Notice of illegal content" not in page  # no reader chooses it


def test_it_waits_with_its_words_at_the_desk_of_names(client, cy, signature, notice):
    assert "Eve Is A Thief" in client.get("/foxes/signatures/newest/").text
    client.force_login(cy)

    page = client.get(NAMES).text

    assert notice.reference in page
    assert "&lt;b&gt;I did not.&lt;/b&gt;" in page
    assert "Leave the name" in page
    own = client.get(f"/admin/supporters/report/{notice.pk}/change/").text
    assert f"{NAMES}?row={signature.pk}" in own
    assert "/admin/inbox/reports/" not in own


@pytest.mark.parametrize(
    ("button", "said"),
    [("hide", "taken off the site"), ("show", "left on the site")],
)
def test_one_decision_answers_both(notice, decide, told, button, said):
    decide(button)

    notice.refresh_from_db()
    assert notice.decided_by.username == "cy"
    assert said in told()
    assert not Report.objects.open().exists()


@pytest.mark.parametrize("button", ["hide", "show"])
def test_undoing_it_reopens_the_notice_and_restores_the_name(
    signature, notice, decide, told, button
):
    page = decide(button)

    client = page.client
    client.post(NAMES, {**fields_of(page), "decision": "undo"})

    notice.refresh_from_db()
    signature.refresh_from_db()
    assert notice.decided_at is None
    assert (signature.name_hidden_at, signature.name_decided_at) == (None, None)
    assert notice.reference in client.get(NAMES).text
    assert "Our decision" not in told()


def test_another_decision_later_is_the_one_that_is_told(notice, decide, told):
    decide("hide")
    decide("show")

    assert "left on the site" in told()


def test_a_name_that_was_looked_at_before_is_looked_at_again(
    client, cy, signature, decide
):
    decide("show")
    address = f"/foxes/signatures/newest/{signature.public_name.number}/report/"
    client.post("/notices/", {**TYPED, "location": address})

    assert Report.objects.get().reference in client.get(NAMES).text


def test_names_with_a_notice_stand_in_front(client, cy, petition, signature, notice):
    make_counted(petition, name="Older Doubt", name_found="posing", email="o@x.example")
    client.force_login(cy)

    page = client.get(NAMES).text

    assert page.find("Eve Is A Thief") < page.find("Older Doubt")


def test_if_the_signer_goes_the_notice_is_decided_on_its_own_page(
    client, cy, petition, notice
):
    petition.signatures.anonymise()
    client.force_login(cy)

    page = client.get(f"/admin/supporters/report/{notice.pk}/change/").text

    assert f"/admin/inbox/reports/?row={notice.pk}" in page
    assert not OutgoingMail.objects.filter(purpose="notice_decided").exists()


@pytest.mark.parametrize("page", [NAMES, NAMES + "?row={}"])
def test_who_may_see_names_alone_reads_no_words_of_a_notice(
    client, signature, notice, page
):
    client.force_login(make_staff_who("view_signature", "change_signature"))

    seen = client.get(page.format(signature.pk)).text

    assert "Eve Is A Thief" in seen
    assert "Notice of illegal content" in seen
    assert notice.reference not in seen
    assert "I did not." not in seen
    assert "Hide the name" in seen
