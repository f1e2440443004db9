"""Cy decides what becomes of signatures that were held, one or thousands."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbox.models import OutgoingMail
from petitions.models import Signature
from staff.models import AuditEntry
from supporters.acts import deciding
from tests.factories import make_petition, make_staff, sign
from tests.staff.forms import decide, run_action

pytestmark = pytest.mark.django_db
LIST = "/admin/petitions/signature/"


@pytest.fixture
def cy(client):
    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    return cy


@pytest.fixture
def held():
    return sign(make_petition(), held_for="flood", network_hash="a" * 32)


def flood(first, number):
    """As many held signatures more, of the same network and petition as the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH asked AS (
                INSERT INTO supporters_confirmation
                    (supporter_id, campaign_id, kind, language, issue, tries)
                SELECT supporter_id, campaign_id, kind, language, 0, 0
                FROM supporters_confirmation, generate_series(1, %s) WHERE id = %s
                RETURNING id
            )
            INSERT INTO petitions_signature (petition_id, confirmation_id, name, city,
                country, shown_as, shown_name, held_at, held_for, network_hash, counted,
                canonical_email, withdrawal_key)
            SELECT %s, asked.id, 'Row ' || asked.id, '', 'GB', 'no', '', now(), 'flood',
                %s, false, '', 'key' || asked.id
            FROM asked
            """,
            [number, first.confirmation_id, first.petition_id, first.network_hash],
        )


def test_a_released_signature_gets_its_mail_and_can_be_confirmed(
    client, cy, held, mailbox, work
):
    page = decide(client, LIST, "release", held)
    work()

    held.refresh_from_db()
    assert "1 released. Its owner is asked to confirm." in page.text
    assert (held.is_held, held.decided_by) == (False, cy)
    client.post(mailbox.path_to("confirmation"))
    assert Signature.objects.counted().get() == held


def test_releasing_twice_mails_once(client, cy, held, mailbox, work):
    opened = run_action(client, LIST, "release", held)
    decide(client, LIST, "release", held)
    page = decide(client, LIST, "release", held, opened=opened)
    work()

    assert "Somebody has already decided on these." in page.text
    assert len(mailbox.messages) == 1


def test_a_rejected_signature_gets_no_mail_and_is_never_counted(
    client, cy, held, mailbox, work
):
    opened = run_action(client, LIST, "release", held)
    page = decide(client, LIST, "reject", held)
    again = run_action(client, LIST, "reject", held)
    late = decide(client, LIST, "release", held, opened=opened)

    held.refresh_from_db()
    assert "1 rejected." in page.text
    assert "Nothing will change. None of these is waiting for a decision." in again.text
    assert "Somebody has already decided on these." in late.text
    assert (held.state, held.decided_by) == ("rejected", cy)
    work()
    assert mailbox.messages == []


def test_a_rejected_signer_cannot_have_the_mail_sent_all_the_same(
    client, cy, held, mailbox, work
):
    decide(client, LIST, "reject", held)

    client.post(f"{held.inbox_url}mail/", {"email": "other@mail.example"})
    work()

    assert mailbox.messages == []


def test_several_are_decided_at_once_and_others_are_left_alone(
    client, cy, held, mailbox, work
):
    more = sign(held.petition, held_for="honeypot", email="bo@mail.example")
    left = sign(held.petition, held_for="flood", email="eve@mail.example")
    usual = sign(held.petition, email="cy@mail.example")

    opened = run_action(client, LIST, "release", held, more, usual)
    page = decide(client, LIST, "release", held, more, usual, opened=opened)
    work()

    assert "We release 2 held items, and email their owners" in opened.text
    assert "1 that you chose is not held, and stays as it is." in opened.text
    assert "2 released. Their owners are asked to confirm." in page.text
    assert Signature.objects.held().get() == left
    asked = sorted(message["To"] for message in mailbox.messages)
    assert asked == ["ada@mail.example", "bo@mail.example", "cy@mail.example"]


@pytest.mark.parametrize("name", ["release", "reject"])
def test_a_flood_of_5000_is_found_by_its_network_and_decided_on_at_once(
    client, cy, held, name
):
    flood(held, 4999)
    other = sign(held.petition, held_for="flood", network_hash="b" * 32, name="Bus")
    path = f"{LIST}?state=held&network={'a' * 32}"

    listed = client.get(path)
    opened = run_action(client, path, name, held, across=True)
    sign(held.petition, held_for="flood", network_hash="a" * 32, name="Late")
    with CaptureQueriesContext(connection) as queries:
        page = decide(client, path, name, held, opened=opened)

    assert "aaaaaaaa (5000)" in listed.text
    assert "bbbbbbbb (1)" in listed.text
    assert "Bus" not in listed.text
    assert "5,000" in opened.text
    assert "They came from 1 network" in opened.text
    assert "Row " in opened.text
    assert f"5000 {name.removesuffix('e')}" in page.text
    decided = Signature.objects.filter(decided_by=cy)
    assert decided.count() == 5000
    assert set(Signature.objects.held().values_list("name", flat=True)) == {
        "Bus",
        "Late",
    }
    assert Signature.objects.held().filter(pk=other.pk).exists()
    row = AuditEntry.objects.exclude(kind="listed").get()
    assert (row.kind, row.action, row.count) == ("action", name, 5000)
    # Of the act: the rows locked, written, and a statement for each minute of mails.
    minutes = 9 if name == "release" else 0
    written = [q["sql"] for q in queries if q["sql"].startswith(("UPDATE", "SELECT"))]
    on_signatures = [sql for sql in written if "held_at" in sql and "LIMIT" not in sql]
    assert len(on_signatures) < 5
    assert len(queries) < 36 + minutes


@pytest.fixture
def two_mails_a_minute(settings, time_machine):
    settings.MAILS_A_MINUTE = 2
    time_machine.move_to(timezone.now().replace(second=5), tick=False)


@pytest.mark.usefixtures("cy", "two_mails_a_minute")
def test_mails_of_a_flood_leave_at_the_pace_of_the_mail_service(
    client, held, work, mailbox
):
    work()
    flood(held, 4)

    opened = run_action(client, LIST, "release", held, across=True)
    decide(client, LIST, "release", held, opened=opened)

    assert "The emails leave within 3 minutes" in opened.text
    released = OutgoingMail.objects.open()
    assert [mail.lane for mail in released] == ["bulk"] * 5
    work()
    assert len(mailbox.messages) == 2


def test_what_is_too_much_for_one_request_is_done_from_the_oldest_on(
    client, cy, held, monkeypatch
):
    monkeypatch.setattr(deciding, "MOST", 3)
    flood(held, 4)

    opened = run_action(client, LIST, "reject", held, across=True)
    decide(client, LIST, "reject", held, opened=opened)

    assert "You chose 5. These are the oldest 3." in opened.text
    left = Signature.objects.held().order_by("pk")
    assert list(left) == list(Signature.objects.order_by("pk")[3:])


def test_a_network_of_which_nothing_is_held_any_more_shows_nothing_else(
    client, cy, held
):
    page = client.get(f"{LIST}?state=held&network={'c' * 32}")

    assert page.status_code == 200
    assert "Ada Lovelace" not in page.text


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30, "1e3", "١"])
def test_a_forecast_is_shown_again_when_its_form_was_tampered_with(
    client, cy, held, newest
):
    data = {"action": "release", "_selected_action": held.pk, "newest": newest}
    page = client.post(LIST, data)

    held.refresh_from_db()
    assert page.status_code in (200, 302)
    assert held.is_held or newest == "١"


def test_who_may_only_look_decides_nothing(client, held):
    client.force_login(make_staff("bo", "Campaigners"))

    data = {"action": "release", "_selected_action": held.pk, "newest": held.pk}
    client.post(LIST, data)

    held.refresh_from_db()
    assert held.is_held


def test_cy_sees_why_it_was_held_and_what_was_agreed_to(client, cy):
    consents = [("signature", "I ask for <this>.", "1")]
    held = sign(make_petition(), held_for="honeypot", consents=consents)

    page = client.get(f"{LIST}{held.pk}/change/")

    assert "filled in a field that people cannot see" in page.text
    assert "ada@mail.example" in page.text
    assert "I ask for &lt;this&gt;." in page.text


def test_the_page_of_a_signature_has_rows_for_what_there_is_alone(client, cy):
    signed = sign(make_petition(), shown_as="initials", shown_name="A. L.")

    page = client.get(f"{LIST}{signed.pk}/change/").text

    assert "A. L., United Kingdom<br>Shown" in page
    about = ["Name", "Place", "Email address", "Petition", "Name on the page"]
    assert re.findall(r"<label>(.*?)</label>", page) == [*about, "State", "Signed"]


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


def test_the_list_offers_only_reasons_for_which_a_signature_waits(client, cy, held):
    page = client.get(f"{LIST}?held_for__exact=flood").text

    assert held.name in page
    assert "?held_for__exact=domain" in page
    assert "held_for__exact=short" not in page
    assert "held_for__exact=posing" not in page
