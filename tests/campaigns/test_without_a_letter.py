"""A campaign that has no letter offers none, neither to signers nor to commenters."""

import pytest

from tests.factories import make_letter, make_petition, sign, write_comment

pytestmark = pytest.mark.django_db
OFFERS = ("Send the letter", "See my next steps", "Write it to the officials")


@pytest.fixture
def petition():
    return make_petition()


def offers(*pages):
    return [offer for page in pages for offer in OFFERS if offer in page]


def pages_of_a_signature(client, petition):
    signature = sign(petition)
    link = f"/campaign-1/signatures/{signature.confirmation.link_key}/confirmation/"
    pages = [client.get(signature.inbox_url).text, client.get(link).text]
    signature.confirm()
    return [*pages, client.get(link).text]


def test_a_signer_is_led_to_no_letter_where_there_is_none(client, petition):
    inbox, question, confirmed = pages_of_a_signature(client, petition)

    assert offers(inbox, question, confirmed) == []
    assert "<span>Name counted</span>" in inbox
    assert "<span>Name counted</span>" in question


def test_a_signer_is_led_to_the_letter(client, petition):
    make_letter(petition.campaign)

    inbox, question, confirmed = pages_of_a_signature(client, petition)

    assert offers(inbox, question) == []  # first the name
    assert offers(confirmed) == ["See my next steps"]


@pytest.mark.parametrize("has_letter", [True, False])
def test_a_commenter_is_led_to_the_letter_that_there_is(client, petition, has_letter):
    if has_letter:
        make_letter(petition.campaign)

    page = client.get(write_comment(petition.campaign).inbox_url).text

    assert offers(page) == (["Send the letter"] if has_letter else [])
