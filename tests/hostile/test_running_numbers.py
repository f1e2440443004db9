"""Numbers of rows count up: who reads two of them knows what happened between."""

import re

import pytest
from django.db import connection

from letters.models import Delivery, Letter
from outbox.models import OutgoingMail
from petitions.models import Signature
from supporters.models import (
    Confirmation,
    Follow,
    Mailing,
    Supporter,
    UpdateForFollower,
)
from tests.every_mail import have_every_mail_sent
from tests.factories import make_counted, make_petition

pytestmark = pytest.mark.django_db
# Whose number is nobody's business. That of a campaign, of a comment that is shown and
# of a report, whose writer refers to it, is told; staff read all.
COUNTED = (
    Confirmation,
    Delivery,
    Follow,
    Letter,
    Mailing,
    OutgoingMail,
    Signature,
    Supporter,
    UpdateForFollower,
)
FIRST = 735_910_000
# What is drawn by chance in a mail, such as its boundaries, has more digits.
COUNTED_UP = re.compile(r"(?<!\d)735910\d{3}(?!\d)")


def test_no_mail_tells_the_number_of_an_act_or_a_mail(mailbox, work, settings):
    settings.MAILS_A_MINUTE = 10**6
    settings.LANGUAGES = [("en", "English")]
    count_from(FIRST)

    have_every_mail_sent(work)

    told = {line for mail in mailbox.messages for line in lines(mail)}
    assert set(filter(COUNTED_UP.search, told)) == set()


def test_the_list_of_newest_names_tells_no_number_of_a_signature(client, names_at_once):
    petition = make_petition()
    count_from(FIRST)
    make_counted(petition)

    page = client.get("/campaign-1/signatures/newest/").text

    assert "/report/" in page
    assert not COUNTED_UP.search(page)


def count_from(number):
    with connection.cursor() as cursor:
        for model in COUNTED:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [model._meta.db_table, number],
            )


def lines(mail):
    yield f"MAIL FROM {mail.envelope_from}"
    yield from (f"{name}: {value}" for name, value in mail.items())
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            yield from part.get_content().splitlines()
