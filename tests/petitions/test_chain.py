"""The chain of the count: what it says, what it shows, and what it hides."""

from hashlib import sha256

import pytest

from petitions.models import Link, Signature, TallyEntry
from tests.factories import make_counted, make_petition

pytestmark = pytest.mark.django_db


def lines(petition):
    """The chain as anybody can read it, worked out anew from its published format."""
    before = "0" * 64
    for row in petition.links.order_by("number"):
        line = f"{before} {row.number} {row.delta:+d} {bytes(row.commitment).hex()}"
        before = sha256(line.encode()).hexdigest()
        yield row, before


def test_each_step_of_the_count_is_a_link_on_the_one_before():
    petition = make_petition()
    one, two = make_counted(petition, 2)
    TallyEntry.roll_up()
    one.withdraw()
    TallyEntry.roll_up()

    chain = [(row.delta, bytes(row.commitment)) for row in petition.links.all()]
    assert chain == [
        (1, bytes(one.commitment)),
        (1, bytes(two.commitment)),
        (-1, bytes(one.commitment)),
    ]
    assert all(bytes(row.link).hex() == link for row, link in lines(petition))
    assert Link.objects.total() == petition.standing.count == 1


def test_each_petition_has_a_chain_of_its_own_and_a_fold_with_nothing_adds_nothing():
    one, two = make_petition(), make_petition()
    for petition in (one, two, one):
        number = Signature.objects.count()
        make_counted(petition, 1, email=f"new{number}@mail.example")
    TallyEntry.roll_up()
    assert TallyEntry.roll_up() == 0

    assert [link.number for link in one.links.order_by("number")] == [1, 2]
    assert [link.number for link in two.links.order_by("number")] == [1]


def test_the_signer_alone_can_open_the_commitment():
    petition = make_petition()
    [signature] = make_counted(petition, 1, email="ada@mail.example")

    line = f"{petition.pk} ada@mail.example".encode()
    assert sha256(signature.salt + line).digest() == signature.commitment
    assert len(signature.salt) == 16
    [other] = make_counted(make_petition(), 1, email="ada@mail.example")
    assert other.commitment != signature.commitment


def test_after_anonymising_nobody_can_open_it_and_the_chain_stays():
    make_counted(make_petition())
    TallyEntry.roll_up()

    Signature.objects.anonymise()

    signature = Signature.objects.get()
    assert (signature.salt, signature.commitment) == (None, None)
    assert Link.objects.total() == 1


def test_whoever_moves_stays_one_entry():
    petition = make_petition()
    [signature] = make_counted(petition)

    signature.signer.correct(name=signature.name, city="", country="PT")
    TallyEntry.roll_up()

    deltas = [link.delta for link in petition.links.order_by("number")]
    assert deltas == [1, -1, 1]
