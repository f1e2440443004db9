"""The count says in how many languages people signed, and counts each of them once."""

import pytest
from django.utils.translation import override

from petitions.models import Petition, Signature, TallyEntry
from tests.factories import ADA, make_campaign, make_counted, make_petition, make_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("es", "Español")]


@pytest.fixture
def petition():
    petition = make_petition(make_campaign(slug="bucheon"))
    make_text(petition.campaign, "ko", slug="sijang")
    return petition


def standing(petition):
    return Petition.objects.get(pk=petition.pk).standing


def signed_in(petition, language, number=1, **fields):
    return make_counted(petition, number, language=language, **fields)


def test_the_page_says_how_many_languages_people_signed_in(client, petition):
    signed_in(petition, "en", email="a@mail.example")
    assert standing(petition).from_where == ""

    signed_in(petition, "ko", email="b@mail.example")
    assert standing(petition).from_where == "People have signed in 2 languages."

    signed_in(petition, "ko", email="c@mail.example", country="KR")
    page = client.get("/bucheon/").text
    assert "People from 2 countries have signed, in 2 languages." in page
    assert "2개국에서 2개 언어로 서명했습니다." in client.get("/ko/sijang/").text


def test_a_language_is_that_of_the_page_on_which_somebody_signed(
    client, mailbox, work, petition
):
    client.post("/ko/sijang/signatures/", ADA)
    work()
    client.post(mailbox.path_to("confirmation"))

    assert Signature.objects.get().language == "ko"
    assert TallyEntry.objects.get().language == "ko"


def test_folding_keeps_languages_apart_and_the_count_whole(petition):
    signed_in(petition, "en", email="a@mail.example")
    signed_in(petition, "ko", email="b@mail.example")
    signed_in(petition, "ko", email="c@mail.example")
    TallyEntry.objects.create(petition=petition, country="GB", delta=5, on_paper=True)
    before = standing(petition)

    TallyEntry.roll_up()
    TallyEntry.roll_up()

    assert standing(petition) == before
    assert (before.count, before.countries, before.languages) == (8, 1, 2)
    assert before.on_paper == 5
    assert TallyEntry.objects.count() == 3


def test_who_takes_their_name_back_takes_their_language_along(petition):
    signed_in(petition, "en", email="a@mail.example")
    [korean] = signed_in(petition, "ko", email="b@mail.example")
    korean.withdraw()

    assert standing(petition).languages == 1

    [again] = signed_in(petition, "ko", email="b@mail.example")
    again.signer.erase()

    assert (standing(petition).count, standing(petition).languages) == (1, 1)


def test_a_corrected_country_keeps_its_language(petition):
    [korean] = signed_in(petition, "ko", email="b@mail.example")
    korean.signer.correct(name="Ada Lovelace", city="Seoul", country="KR")

    assert (standing(petition).countries, standing(petition).languages) == (1, 1)


def test_one_person_who_signs_in_three_languages_counts_once(petition):
    for language in ("en", "ko", "es"):
        with override(language):
            signed_in(petition, language, email="ada@mail.example")

    assert (standing(petition).count, standing(petition).languages) == (1, 1)
