"""What a form stores, it stores whole or not at all, with the mail that asks."""

import re

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from letters.models import Letter
from outbox.models import OutgoingMail
from supporters.models import Confirmation, Supporter
from tests.factories import (
    follow,
    make_campaign,
    make_letter,
    make_petition,
    sign,
    write_comment,
)

pytestmark = pytest.mark.django_db
ALWAYS = (
    "supporters_supporter",
    "supporters_confirmation",
    "supporters_consent",
    "outbox_outgoingmail",
)
AGREED = [("words", "I agree.", "1")]
ADA = {"name": "Ada", "email": "ada@mail.example", "language": "en", "page": "/"}


def write_letter():
    typed = {**ADA, "place": "", "subject": "Help", "text": "Please."}
    return Letter.objects.write(make_letter(), consents=AGREED, **typed)


MAKERS = {
    "petitions_signature": lambda: sign(
        make_petition(), consents=AGREED, hears_outcome=True
    ),
    "letters_letter": write_letter,
    "supporters_follow": lambda: follow(make_campaign(), consents=AGREED),
    "comments_comment": lambda: write_comment(
        make_campaign(), consents=AGREED, wants_news=True
    ),
}


@pytest.mark.parametrize("table", MAKERS)
def test_an_act_is_stored_with_its_owner_consents_and_question(table):
    with CaptureQueriesContext(connection) as queries:
        act = MAKERS[table]()

    stored = [
        found[1]
        for query in queries
        if (found := re.match(r'INSERT INTO "(\w+)"', query["sql"]))
    ]
    assert [each for each in stored if each in (*ALWAYS, table)] == [
        *ALWAYS[:2],
        table,
        *ALWAYS[2:],
    ]
    assert act.confirmation.supporter.email == ADA["email"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", MAKERS)
def test_where_the_question_cannot_be_stored_nothing_is(table, monkeypatch):
    def fails(*_args, **_kwargs):
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(OutgoingMail, "save", fails)

    with pytest.raises(DatabaseError):
        MAKERS[table]()

    assert not Supporter.objects.filter(email=ADA["email"]).exists()
    assert not Confirmation.objects.exists()
