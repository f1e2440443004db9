"""A name in another script may be the same person: only the mailbox can say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.models import Signature
from petitions.signing.models import THANKS_AFTER
from tests.factories import ADA, make_petition, sign

pytestmark = pytest.mark.django_db
EMAIL = "minsu@mail.example"
FORM = {**ADA, "email": EMAIL, "shown_as": "full"}


def asks(client, work, name):
    """Sign by the form in this browser; returns the address of the page after it."""
    response = client.post("/campaign-1/signatures/", {**FORM, "name": name})
    work()
    return response.url


def test_the_question_names_who_counts_and_its_page_waits_for_the_button(
    client, mailbox, work
):
    petition = make_petition()
    sign(petition, name="Kim Minsu", email=EMAIL).confirm()
    inbox = asks(client, work, "김민수")

    mail = mailbox.last()
    for kind in ("plain", "html"):
        assert "Kim Minsu" in mail.get_body((kind,)).get_content()
    link = mailbox.path_to("confirmation") + "?another=1"
    assert link in mailbox.text()
    page = client.get(link).content.decode()
    assert "Confirm only if you are another person" in page
    assert "Kim Minsu" not in page
    assert "confirm-by-itself" not in page
    assert "Kim Minsu" not in client.get(inbox).content.decode()

    client.post(link, {"by_itself": "1"})  # a script has pressed it
    assert Signature.objects.counted().count() == 1
    client.post(link)
    assert Signature.objects.counted().count() == 2


def test_a_first_name_is_asked_nothing_more(client, mailbox, work):
    petition = make_petition()
    sign(petition, name="Kim Minsu", email=EMAIL)  # not confirmed: anybody's words
    asks(client, work, "김민수")

    assert "Kim Minsu" not in mailbox.last().get_body(("plain",)).get_content()
    link = mailbox.path_to("confirmation")
    assert "?another" not in mailbox.text()
    assert "confirm-by-itself" in client.get(link).content.decode()


def test_whoever_takes_the_second_seat_reads_that_the_other_name_counts(
    mailbox, work, time_machine
):
    petition = make_petition()
    for name in ("Kim Minsu", "김민수"):
        sign(petition, name=name, email=EMAIL).confirm()
    time_machine.move_to(timezone.now() + THANKS_AFTER)
    work()

    thanks = [m for m in mailbox.messages if m["Subject"] == "Thank you for signing"]
    told = [m.get_body(("plain",)).get_content() for m in thanks]
    assert [("Kim Minsu counts from this mailbox" in text) for text in told] == [
        False,
        True,
    ]
    assert "remove one of these names" in told[1]


def test_a_third_name_is_told_so_and_asked_for_nothing(
    client, mailbox, work, time_machine
):
    petition = make_petition()
    for name in ("Kim Minsu", "Ada Roe"):
        sign(petition, name=name, email=EMAIL).confirm()
    asks(client, work, "Cy Young")

    mail = mailbox.last()
    assert mail["Subject"] == "Your signature does not count"
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        assert "2 people have signed from this mailbox already" in text
        assert "/confirmation/" not in text
    time_machine.move_to(timezone.now() + timedelta(days=2))
    work()
    assert "Cy Young" not in "".join(map(str, mailbox.messages))
    assert not [m for m in mailbox.messages if "not counted yet" in m["Subject"]]
