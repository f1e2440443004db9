"""What a form stores, it stores in one statement, with the mail that asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Letter
from tests.factories import (
    follow,
    make_campaign,
    make_letter,
    make_petition,
    sign,
    write_comment,
)

pytestmark = pytest.mark.django_db
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

    tables = [
        "supporters_supporter",
        "supporters_confirmation",
        table,
        "supporters_consent",
        "outbox_outgoingmail",
    ]
    stored = [
        query["sql"]
        for query in queries
        if any(f'INSERT INTO "{each}"' in query["sql"] for each in tables)
    ]
    assert len(stored) == 1
    assert all(f'INSERT INTO "{each}"' in stored[0] for each in tables)
    assert act.confirmation.supporter.email == ADA["email"]
