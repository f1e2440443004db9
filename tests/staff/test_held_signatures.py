"""Cy decides what becomes of a signature that was held."""

import pytest

from petitions.models import Signature
from tests.factories import make_petition, make_staff, sign
from tests.staff.forms import act

pytestmark = pytest.mark.django_db
LIST = "/admin/petitions/signature/"


@pytest.fixture
def cy(client):
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    return cy


@pytest.fixture
def held():
    return sign(make_petition(), held_for="flood")


def test_a_released_signature_gets_its_mail_and_can_be_confirmed(
    client, cy, held, mailbox, work
):
    page = act(client, LIST, "release", held)
    work()

    held.refresh_from_db()
    assert "1 signature released. Its owner is asked to confirm." in page.text
    assert (held.is_held, held.decided_by) == (False, cy)
    client.post(mailbox.path_to("confirmation"))
    assert Signature.objects.counted().get() == held


def test_releasing_twice_mails_once(client, cy, held, mailbox, work):
    act(client, LIST, "release", held)
    page = act(client, LIST, "release", held)
    work()

    assert "None of these was waiting for you." in page.text
    assert len(mailbox.messages) == 1


def test_a_rejected_signature_gets_no_mail_and_is_never_counted(
    client, cy, held, mailbox, work
):
    page = act(client, LIST, "reject", held)
    again = act(client, LIST, "reject", held)
    late = act(client, LIST, "release", held)

    held.refresh_from_db()
    assert "1 signature rejected." in page.text
    assert "None of these was waiting for you." in again.text
    assert "None of these was waiting for you." in late.text
    assert (held.state, held.decided_by) == ("rejected", cy)
    assert work() == []
    assert mailbox.messages == []


def test_a_rejected_signer_cannot_have_the_mail_sent_all_the_same(
    client, cy, held, mailbox, work
):
    act(client, LIST, "reject", held)

    client.post(f"{held.inbox_url}mail/", {"email": "other@mail.example"})
    work()

    assert mailbox.messages == []


def test_several_are_decided_at_once_and_others_are_left_alone(
    client, cy, held, mailbox, work
):
    more = sign(held.petition, held_for="honeypot", email="bo@mail.example")
    left = sign(held.petition, held_for="flood", email="eve@mail.example")
    usual = sign(held.petition, email="cy@mail.example")

    page = act(client, LIST, "release", held, more, usual)
    work()

    assert "2 signatures released. Their owners are asked to confirm." in page.text
    assert Signature.objects.held().get() == left
    asked = sorted(message["To"] for message in mailbox.messages)
    assert asked == ["ada@mail.example", "bo@mail.example", "cy@mail.example"]


def test_cy_sees_why_it_was_held_and_what_was_agreed_to(client, cy):
    consents = [("signature", "I ask for <this>.", "1")]
    held = sign(make_petition(), held_for="honeypot", consents=consents)

    page = client.get(f"{LIST}{held.pk}/change/")

    assert "honeypot" in page.text
    assert "ada@mail.example" in page.text
    assert "I ask for &lt;this&gt;." in page.text


def test_nobody_writes_or_changes_a_signature_by_hand(client, held):
    client.force_login(make_staff("root", is_superuser=True))

    added = client.post(
        f"{LIST}add/", {"name": "Made up", "petition": held.petition.pk}
    )
    deleted = client.post(f"{LIST}{held.pk}/delete/", {"post": "yes"})
    client.post(f"{LIST}{held.pk}/change/", {"name": "Changed", "counted": "on"})

    found = Signature.objects.get()
    assert (added.status_code, deleted.status_code) == (403, 403)
    assert (found.name, found.counted) == ("Ada Lovelace", False)
