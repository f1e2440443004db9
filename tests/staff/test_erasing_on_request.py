"""Somebody who has lost their mailbox is erased by two of the staff, with a receipt."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from petitions.models import Signature
from staff.models import AuditEntry
from supporters.models import Erasure, ErasureRequest, RetentionRun, Supporter
from tests.factories import (
    make_follow,
    make_paper,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.supporters.markers import traces

pytestmark = pytest.mark.django_db
LIST = "/admin/supporters/erasurerequest/"
BO, CY = "bo", "cy"


@pytest.fixture
def staff(client):
    """Signs one of two campaigners in."""
    people = {name: make_staff(name, "Campaigners") for name in (BO, CY)}

    def become(name):
        client.force_login(people[name])
        return people[name]

    return become


def ask(client, email="ada@gmail.com", again=None, reason="Wrote us a letter."):
    form = {"email": email, "again": again or email, "reason": reason}
    return client.post(f"{LIST}add/", form, follow=True)


def page_of(asked):
    return f"{LIST}{asked.pk}/change/"


def test_one_asks_another_confirms_and_a_receipt_in_numbers_stays(client, staff):
    petition = make_petition()
    sign(petition, email="ada@gmail.com").confirm()
    sign(petition, email="a.da+news@googlemail.com", name="A. L.").confirm()
    write_comment(petition.campaign, "Mine.", email="ada@gmail.com")
    make_follow(petition.campaign, "ada@gmail.com")
    ada = {"name": "Ada", "city": "London", "email": "ada@gmail.com"}
    batch = make_paper(petition, ada)
    others = sign(petition, name="Bo", email="adam@gmail.com")
    staff(BO)
    ask(client)
    asked = ErasureRequest.objects.get()
    staff(CY)

    before = client.get(page_of(asked)).text
    done = client.post(
        page_of(asked), {"decision": "erase", "is_sure": "yes"}, follow=True
    )

    assert "a.da+news@googlemail.com" in before
    assert "adam@gmail.com" not in before
    assert "Erased. The receipt is below." in done.text
    assert [s.email for s in Supporter.objects.all()] == ["adam@gmail.com"]
    assert Signature.objects.get() == others
    assert batch is None or not batch.lines.exists()
    asked.refresh_from_db()
    assert (asked.email, asked.closed_by.username, asked.asked_by.username) == (
        "",
        CY,
        BO,
    )
    receipt = {"supporters": 2, "signatures": 2, "comments": 1, "follows": 1}
    assert receipt.items() <= asked.receipt.items()
    assert "googlemail" not in done.text
    assert "Wrote us a letter." in done.text
    assert Erasure.objects.count() == 2
    act = AuditEntry.objects.filter(kind="erased").get()
    assert (act.username, act.keys) == (CY, [str(asked.pk)])
    assert not LogEntry.objects.filter(object_repr__contains="gmail").exists()


def test_who_asks_cannot_confirm_and_may_take_it_back(client, staff):
    sign(make_petition(), email="ada@gmail.com")
    bo = staff(BO)
    ask(client)
    asked = ErasureRequest.objects.get()

    page = client.get(page_of(asked)).text
    refused = client.post(page_of(asked), {"decision": "erase", "is_sure": "yes"})

    assert "somebody else has to confirm it" in page
    assert 'value="erase"' not in page
    assert refused.status_code == 422
    assert Supporter.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.filter(pk=asked.pk).close(closed_by=bo, receipt={})
    client.post(page_of(asked), {"decision": "turn-down"})
    asked.refresh_from_db()
    assert (asked.email, asked.receipt, asked.state) == ("", None, "turned down")
    assert Supporter.objects.exists()


def test_it_is_done_once_and_not_without_a_look(client, staff):
    staff(BO)
    ask(client, "nobody@mail.example")
    asked = ErasureRequest.objects.get()
    staff(CY)

    unsure = client.post(page_of(asked), {"decision": "erase"})
    client.post(page_of(asked), {"decision": "erase", "is_sure": "yes"})
    again = client.post(
        page_of(asked), {"decision": "erase", "is_sure": "yes"}, follow=True
    )

    assert "First tick that you have looked at it." in unsure.text
    assert "Somebody has already decided on it. Nothing has changed." in again.text
    assert Erasure.objects.count() == 1
    asked.refresh_from_db()
    assert asked.receipt == {}


def test_what_is_no_buttons_word_turns_no_request_down(client, staff):
    staff(BO)
    ask(client)
    asked = ErasureRequest.objects.get()
    staff(CY)

    for typed in ({}, {"decision": "forget"}, {"is_sure": "yes"}):
        page = client.post(page_of(asked), typed)
        assert page.status_code == 422
        assert "Nothing has changed. Press one of the buttons." in page.text

    asked.refresh_from_db()
    assert asked.closed_at is None


def test_the_address_is_typed_twice_and_keeps_what_was_typed(client, staff):
    staff(BO)

    page = ask(client, again="ade@gmail.com", reason="Rang us.")

    assert "The addresses differ." in page.text
    assert 'value="Rang us."' in page.text
    assert not ErasureRequest.objects.exists()


def test_the_desk_asks_the_second_person_alone(client, staff):
    staff(BO)
    ask(client)
    own = client.get("/admin/").text
    staff(CY)
    other = client.get("/admin/").text

    assert "request to erase somebody" not in own
    assert "request to erase somebody" in other


def test_moderators_neither_see_nor_ask(client, staff):
    staff(BO)
    ask(client)
    asked = ErasureRequest.objects.get()
    client.force_login(make_staff("di", "Moderators"))

    for path in (LIST, f"{LIST}add/", page_of(asked)):
        assert client.get(path).status_code == 403
    erase = {"decision": "erase", "is_sure": "yes"}
    assert client.post(page_of(asked), erase).status_code == 403


def test_a_request_that_nobody_confirms_loses_its_address(time_machine):
    bo = make_staff()
    ErasureRequest.objects.create(email="ada@gmail.com", reason="Rang.", asked_by=bo)

    time_machine.move_to(timezone.now() + timedelta(days=31))
    report = RetentionRun.run().report

    assert report["requests to erase left open"] == 1
    asked = ErasureRequest.objects.get()
    assert (asked.email, asked.state) == ("", "no longer needed")
    time_machine.move_to(timezone.now() + timedelta(days=366))
    RetentionRun.run()
    assert not ErasureRequest.objects.exists()


def test_who_erases_themselves_meanwhile_ends_the_request():
    ada = sign(make_petition(), email="ada@gmail.com").confirmation.supporter
    ErasureRequest.objects.create(
        email="ada@gmail.com", reason="ada@gmail.com rang.", asked_by=make_staff()
    )

    ada.erase()

    asked = ErasureRequest.objects.get()
    assert (asked.email, asked.reason) == ("", "[…] rang.")
    assert not traces(asked.reason.encode())
