"""A slip in an address is asked about once, and can be ignored."""

import pytest

from pages.address_slips import probably_meant
from petitions.models import Signature
from tests.factories import ADA, make_petition

FORM = {**ADA, "email": "ada@gmial.com", "shown_as": "no"}
PATH = "/campaign-1/signatures/"


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("Ada@GMAIL.CON", "Ada@gmail.com"),
        ("ada@gmai.com", "ada@gmail.com"),
        ("ada@hotmial.com", "ada@hotmail.com"),
        ("ada@yaho.com", "ada@yahoo.com"),
        ("ada@outlok.com", "ada@outlook.com"),
        ("ada@navr.com", "ada@naver.com"),
        ("ada@gmail.com", ""),
        ("ada@mail.com", ""),
        ("ada@yahoo.fr", ""),
        ("ada@mail.example", ""),
        ("ada@" + "gmail" * 50 + ".com", ""),
        ("gmial.com", ""),
        ("", ""),
    ],
)
def test_what_was_probably_meant(address, meant):
    assert probably_meant(address) == meant


@pytest.mark.django_db
def test_a_slip_is_asked_about_with_what_was_typed_kept(client):
    make_petition()

    asked = client.post(PATH, FORM)

    assert asked.status_code == 422
    assert "Did you mean ada@gmail.com?" in asked.text
    assert 'value="ada@gmial.com"' in asked.text
    assert (
        'name="email" value="ada@gmail.com">Use ada@gmail.com and send<' in asked.text
    )
    assert not Signature.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("again", "stored"),
    [
        # As browsers send it: the input, and the button that was used.
        ({"email": ["ada@gmial.com"]}, "ada@gmial.com"),
        ({"email": ["ada@gmial.com", "ada@gmail.com"]}, "ada@gmail.com"),
    ],
)
def test_sent_again_it_is_taken_and_the_button_takes_what_was_meant(
    client, again, stored
):
    make_petition()

    answer = client.post(PATH, {**FORM, **again, "email_kept": "ada@gmial.com"})

    assert answer.status_code == 302
    assert Signature.objects.get().confirmation.email == stored


@pytest.mark.django_db
def test_another_slip_is_asked_about_again(client):
    make_petition()

    again = {"email": "ada@gmal.com", "email_kept": "ada@gmial.com"}
    asked = client.post(PATH, {**FORM, **again})

    assert "Did you mean ada@gmail.com?" in asked.text
