from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.models import Signature
from supporters.models import Confirmation, Consent, RetentionRun, Supporter
from tests.factories import make_petition, make_staff, sign

pytestmark = pytest.mark.django_db
CONSENTS = [("signature", "words", "1")]


def after(days):
    return timezone.now() + timedelta(days=days, minutes=1)


def nightly():
    report = RetentionRun.run().report
    return report["confirmations"], report["addresses"]


def test_an_unconfirmed_signature_vanishes_after_seven_days(time_machine):
    sign(make_petition(), consents=CONSENTS)

    time_machine.move_to(after(days=6))
    assert nightly() == (0, 0)
    assert Signature.objects.count() == 1
    time_machine.move_to(after(days=1))
    assert nightly() == (1, 1)

    for model in (Signature, Confirmation, Consent, Supporter):
        assert not model.objects.exists()
    assert nightly() == (0, 0)


def test_the_seven_days_begin_with_the_newest_mail(mailbox, work, time_machine):
    signature = sign(make_petition())
    Confirmation.objects.update(created_at=timezone.now() - timedelta(days=8))
    work()

    nightly()

    assert Signature.objects.filter(pk=signature.pk).exists()


def test_what_one_person_signed_again_goes_after_seven_days(time_machine):
    """Two names of one mailbox count; a known browser could sign with any number."""
    petition = make_petition()
    for name in ("Ada Lovelace", "Bo Lee", "Ada Lovelace", "Cy Roe", "Di Poe"):
        sign(petition, name=name).confirm()
    assert petition.signatures.count() == 5

    time_machine.move_to(after(days=6))
    nightly()
    assert petition.signatures.count() == 5
    time_machine.move_to(after(days=1))
    nightly()

    left = petition.signatures.order_by("pk")
    assert list(left.values_list("name", "counted")) == [
        ("Ada Lovelace", True),
        ("Bo Lee", True),
    ]
    assert Confirmation.objects.count() == 2


def test_a_counted_signature_stays(time_machine):
    petition = make_petition()
    sign(petition).confirm()

    time_machine.move_to(after(days=400))
    nightly()

    assert petition.signatures.counted().count() == petition.standing.count == 1


def test_a_withdrawn_signature_vanishes_and_the_count_stays_right(time_machine):
    petition = make_petition()
    sign(petition, name="Bo", email="bo@mail.example").confirm()
    leaving = sign(petition)
    leaving.confirm()
    leaving.withdraw()

    time_machine.move_to(after(days=7))
    nightly()

    assert Signature.objects.get().name == "Bo"
    assert [s.email for s in Supporter.objects.all()] == ["bo@mail.example"]
    assert petition.standing.count == 1


def test_who_was_released_late_has_their_days_from_then(time_machine):
    sign(make_petition(), held_for="flood", network_hash="a" * 32)
    time_machine.move_to(after(days=40))
    nightly()
    assert Signature.objects.get().network_hash is None
    Signature.objects.all().release(by=make_staff())

    time_machine.move_to(after(days=6))
    nightly()
    assert Signature.objects.count() == 1
    time_machine.move_to(after(days=2))
    nightly()

    assert not Signature.objects.exists()


def test_what_is_anonymous_does_not_tell_from_where_it_came():
    signature = sign(make_petition(), held_for="flood", network_hash="a" * 32)
    Signature.objects.all().release(by=make_staff())
    signature.refresh_from_db()
    signature.confirm()

    assert Signature.objects.all().anonymise() == 1

    assert Signature.objects.get().network_hash is None


def test_a_rejected_signature_vanishes(time_machine):
    signature = sign(make_petition(), held_for="flood")
    Signature.objects.filter(pk=signature.pk).reject(by=make_staff())

    time_machine.move_to(after(days=7))
    nightly()

    assert not Signature.objects.exists()
