import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import OutgoingMail
from petitions.models import PetitionClosed, Signature
from supporters.models import Consent
from tests.factories import ADA, make_ended_campaign, make_petition, sign

pytestmark = pytest.mark.django_db
FORM = {**ADA, "shown_as": "full"}


def test_a_supporter_signs_confirms_by_the_button_and_is_counted(client, mailbox, work):
    petition = make_petition()
    client.post("/campaign-1/signatures/", FORM)
    work()

    page = client.get(mailbox.path_to("confirmation"))
    response = client.post(mailbox.path_to("confirmation"), follow=True)

    assert "Ada Lovelace" in page.text
    assert "Thank you, <bdi>Ada Lovelace</bdi>." in response.text
    assert "1 person has signed." in response.text
    assert petition.standing.count == 1


def test_the_form_leads_to_a_page_that_names_the_address_and_counts_nothing(client):
    petition = make_petition()

    page = client.post("/campaign-1/signatures/", FORM, follow=True)

    assert "Now check your email" in page.text
    assert "ada@mail.example" in page.text
    assert page["Cache-Control"] == "no-store"
    assert petition.standing.count == 0
    assert Signature.objects.get().state == "waiting for confirmation"


def test_a_failed_form_gives_a_short_page_with_everything_that_was_typed(client):
    make_petition()

    page = client.post(
        "/campaign-1/signatures/",
        {"name": "", "email": "ada@", "city": "Lon<don", "country": "", **{}},
    )

    assert page.status_code == 422
    assert "<title>Error: Sign the petition" in page.text
    assert "There is a problem" in page.text
    for error in (
        "Enter your full name.",
        "Enter a full email address, like name@example.com.",
        "Choose your country.",
    ):
        assert page.text.count(error) == 2  # in the summary and at the field
    assert 'value="ada@"' in page.text
    assert 'value="Lon&lt;don"' in page.text
    assert not Signature.objects.exists()


def test_the_country_that_was_chosen_stays_chosen(client):
    make_petition()

    page = client.post("/campaign-1/signatures/", {"country": "PT"})

    assert '<option value="PT" selected>Portugal</option>' in page.text


def test_what_was_agreed_to_is_kept_in_its_exact_words(client):
    petition = make_petition()

    client.post("/campaign-1/signatures/", FORM)

    signing, name = Consent.objects.order_by("pk")
    page = client.get("/campaign-1/").text
    assert signing.words.startswith(petition.ask)
    assert signing.words.removeprefix(petition.ask).strip() in page
    label, shown = name.words.split(": ", 1)
    assert label in page
    assert shown == "“Ada Lovelace, United Kingdom”"
    assert (name.kind, name.page, name.language) == (
        "shown name",
        "/campaign-1/signatures/",
        "en",
    )


def test_a_name_is_not_shown_when_the_box_was_left_empty(client):
    make_petition()

    client.post("/campaign-1/signatures/", ADA)

    assert not Signature.objects.get().shows_name
    assert [c.kind for c in Consent.objects.all()] == ["signature"]


def test_every_address_gets_the_same_list_of_statements(client, mailbox):
    petition = make_petition()
    sign(petition, email="pending@mail.example")
    sign(petition, email="signed@mail.example").confirm()
    withdrawn = sign(petition, email="withdrawn@mail.example")
    withdrawn.confirm()
    withdrawn.withdraw()

    def statements(who):
        form = {**FORM, "email": f"{who}@mail.example"}
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/campaign-1/signatures/", form)
        assert response.status_code == 302
        return [without_values(query["sql"]) for query in queries]

    def without_values(sql):
        return re.split(r" VALUES| SELECT \* FROM UNNEST|POINT \"|'", sql)[0]

    statements("warm-up")
    new = statements("new")
    assert len(new) == 7
    assert statements("pending") == new
    assert statements("signed") == new
    assert statements("withdrawn") == new


def test_the_signature_its_consents_and_its_mail_are_stored_or_nothing_is(client):
    petition = make_petition()

    signature = sign(petition, consents=[("signature", "words", "1")])

    mail = OutgoingMail.objects.get()
    assert (mail.purpose, mail.about) == ("signature_question", signature.pk)
    with pytest.raises(ValueError, match="unpack"):
        sign(petition, consents=[("too", "short")])
    assert Signature.objects.count() == OutgoingMail.objects.count() == 1


def test_nobody_signs_an_ended_petition(client):
    petition = make_petition(make_ended_campaign())

    page = client.post("/campaign-1/signatures/", FORM)

    assert page.status_code == 410
    assert "This petition has ended" in page.text
    with pytest.raises(PetitionClosed):
        sign(petition)
    assert not Signature.objects.exists()


def test_the_mail_holds_nothing_that_a_visitor_typed(client, mailbox, work):
    make_petition()
    typed = {**FORM, "name": "Buy-Cheap Pills", "city": "Spamtown"}

    client.post("/campaign-1/signatures/", typed)
    work()

    mail = mailbox.last().as_string()
    assert "Confirm your signature" in mail
    for word in ("Buy-Cheap", "Pills", "Spamtown"):
        assert word not in mail
    assert mailbox.last()["To"] == "ada@mail.example"
    assert mailbox.last()["Auto-Submitted"] == "auto-generated"


@pytest.mark.usefixtures("names_at_once")
def test_the_recent_signers_are_those_who_agreed(client):
    petition = make_petition()
    sign(petition, name="Ada Lovelace", email="a@mail.example").confirm()
    sign(
        petition, name="Zebedee Quiet", email="b@mail.example", shown_as="no"
    ).confirm()
    sign(petition, name="Cyprian Pending", email="c@mail.example")

    page = client.get("/campaign-1/signatures/newest/").text

    assert "Ada Lovelace" in page
    assert "Zebedee" not in page
    assert "Cyprian" not in page


@pytest.mark.usefixtures("names_at_once")
def test_a_right_to_left_name_does_not_reorder_the_line_it_stands_in(
    client, mailbox, work
):
    make_petition()
    name = {"name": "محمد علي", "shown_as": "full"}
    client.post("/campaign-1/signatures/", {**FORM, **name})
    work()
    asked = client.get(mailbox.path_to("confirmation")).text

    thanks = client.post(mailbox.path_to("confirmation"), follow=True).text

    assert "<bdi>محمد علي</bdi>, United Kingdom" in asked
    assert "Thank you, <bdi>محمد علي</bdi>." in thanks
    newest = client.get("/campaign-1/signatures/newest/").text
    assert "<bdi>محمد علي</bdi></b>, United Kingdom" in newest
