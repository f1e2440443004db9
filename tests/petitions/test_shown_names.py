"""Nobody's name is shown in a way that they have not seen beforehand."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from petitions.models import Signature
from supporters.models import Consent
from tests.factories import (
    ADA,
    make_follow,
    make_petition,
    make_update,
    prove,
    sign,
)
from tests.supporters.my_page import enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_at_once")]
SIGN = "/campaign-1/signatures/"
JIWOO = {
    **ADA,
    "name": "김지우",
    "city": "부천시",
    "country": "KR",
    "shown_as": "first",
}


def name_to_show(page):
    """What stands in the field, and why it has come back."""
    [field] = re.findall(r'<input[^>]* name="shown_name"[^>]*>', page.text)
    [value] = re.findall(r' value="([^"]*)"', field) or [""]
    [why] = re.findall(r'id="sign-shown_name_error">.*?</span> ?(.*?)</p>', page.text)
    return value, why


def newest(client):
    return client.get("/campaign-1/signatures/newest/").text


def test_a_first_name_is_looked_at_by_its_bearer_before_anything_is_stored(
    client, mailbox, work
):
    make_petition()

    page = client.post(SIGN, JIWOO)

    assert page.status_code == 422
    assert name_to_show(page) == (
        "지우",
        "The page will show “지우, 부천시, South Korea”. If that is right, send the "
        "form again.",
    )
    assert '<h2 id="error-title">Check how your name will show</h2>' in page.text
    assert "There is a problem" not in page.text
    assert "Error:" not in page.text
    assert not Signature.objects.exists()


def test_the_comma_between_a_name_and_a_place_is_that_of_the_language():
    signature = sign(make_petition(), city="London", shown_as="first")

    with translation.override("ar"):
        assert signature.public_name.text == "Ada\u060c London"
        assert signature.place.startswith("London\u060c ")


def test_what_is_wrong_stands_under_problem_beside_a_name_to_look_at(client):
    make_petition()

    for typed in ({**JIWOO, "email": "nowhere"}, {**JIWOO, "name": "Dr. Weber"}):
        page = client.post(SIGN, {**typed, "country": "DE"}).text
        assert '<h2 id="error-title">There is a problem</h2>' in page


def test_of_a_title_and_a_family_name_nothing_is_proposed(client):
    make_petition()
    typed = {**ADA, "name": "Dr. Weber", "shown_as": "first"}

    page = client.post(SIGN, typed)
    again = client.post(SIGN, {**typed, "looked_at": "1"})

    for answer in (page, again):
        assert answer.status_code == 422
        assert name_to_show(answer)[0] == ""
        assert "We cannot tell which is your first name" in name_to_show(answer)[1]
    client.post(SIGN, {**typed, "shown_name": "Anna", "looked_at": "1"})
    assert Signature.objects.get().public_name.text == "Anna, London"


@pytest.mark.parametrize(
    ("choice", "typed", "shown"),
    [
        ("full", "", "Ada Lovelace"),
        ("full", "Countess Ada", "Countess Ada"),
        ("first", "Ada", "Ada, London"),
        ("first", "Addie", "Addie, London"),
        ("initials", "A. L.", "A. L."),
        ("no", "Ada", ""),
        ("no", "https://ada.example", ""),
    ],
)
def test_what_stands_in_the_form_is_what_is_shown(client, choice, typed, shown):
    make_petition()

    answer = client.post(SIGN, {**ADA, "shown_as": choice, "shown_name": typed})

    assert answer.status_code == 302
    assert Signature.objects.get().public_name.text == shown


def test_what_another_choice_has_made_of_the_name_is_looked_at_again(client):
    make_petition()
    typed = {**ADA, "shown_as": "initials", "shown_name": "Ada"}

    page = client.post(SIGN, typed)
    insisted = client.post(SIGN, {**typed, "looked_at": "1"})

    assert (page.status_code, name_to_show(page)[0]) == (422, "A. L.")
    assert insisted.status_code == 302
    assert Signature.objects.get().public_name.text == "Ada"


def test_a_name_put_right_shows_as_it_did_until_its_owner_has_seen_another(
    client, mailbox, work
):
    signature = sign(make_petition(), shown_as="first")
    signature.confirm()
    mine = f"{enter(client, mailbox, work)}signatures/{signature.pk}/"
    form = {"name": "Agnes Lovelace", "city": "London", "country": "GB"}
    assert 'value="Ada"' in client.get(mine).text

    page = client.post(mine, {**form, "shown_as": "first", "shown_name": "Ada"})

    assert (page.status_code, name_to_show(page)[0]) == (422, "Agnes")
    signature.signer.correct(name="Agnes Lovelace", city="London", country="GB")
    assert "<bdi>Ada, London</bdi>" in newest(client)


def test_another_way_to_be_shown_ends_the_consent_to_the_one_before(
    client, mailbox, work
):
    make_petition()
    client.post(SIGN, {**ADA, "shown_as": "full"})
    signature = Signature.objects.get()
    signature.confirm()
    mine = f"{enter(client, mailbox, work)}signatures/{signature.pk}/"
    form = {"name": "Ada Lovelace", "city": "London", "country": "GB"}
    given = Consent.objects.filter(kind="shown name").order_by("pk")

    client.post(mine, {**form, "shown_as": "initials", "shown_name": "A. L."})

    before, now = given
    assert ("Ada Lovelace" in before.words, "A. L." in now.words) == (True, True)
    assert before.withdrawn_at
    assert before.is_replaced
    assert now.withdrawn_at is None
    client.post(mine, {**form, "shown_as": "no"})
    assert not given.standing().exists()
    assert [consent.is_replaced for consent in given] == [True, False]


def test_a_petition_signed_from_a_mail_shows_what_stood_in_its_form(client):
    petition, following = make_petition(), make_petition()
    signed = sign(petition, shown_as="first")
    signed.confirm()
    prove(client, signed)
    follow = make_follow(petition.campaign)
    make_update(petition.campaign, follow_up=following.campaign)
    path = f"/campaign-2/signatures/next/{follow.next_key}/"
    assert 'value="Ada"' in client.get(path).text
    form = {"name": "Ada Lovelace", "city": "London", "country": "GB"}

    asked = client.post(path, {**form, "shown_as": "initials", "shown_name": "Ada"})
    client.post(path, {**form, "shown_as": "initials", "shown_name": "A. L."})

    assert (asked.status_code, name_to_show(asked)[0]) == (422, "A. L.")
    assert following.signatures.get().public_name.text == "A. L."


def test_who_is_not_shown_has_no_name_to_show_in_the_database():
    signature = sign(make_petition(), shown_as="no")
    assert (signature.shown_name, signature.public_name.line) == ("", "")

    for shown in ({"shown_as": "full"}, {"shown_name": "Ada"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.update(**shown)


def test_when_a_signature_is_made_anonymous_no_consent_names_its_owner(client):
    """Also where the address stays, for who waits to hear the outcome."""
    make_petition()
    form = {**ADA, "shown_as": "full", "hears_outcome": "on"}
    client.post(SIGN, form)
    Signature.objects.get().confirm()
    assert Consent.objects.filter(words__contains="Ada Lovelace").exists()

    Signature.objects.all().anonymise()

    assert [given.kind for given in Consent.objects.all()] == ["follow"]
    assert Signature.objects.get().shown_name == ""
