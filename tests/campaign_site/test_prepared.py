import pytest

from campaign_site.prepared import Given, Prepared
from petitions.models import Signature
from tests.factories import make_counted, make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    return Prepared(
        lambda: (
            Signature.objects.shown()
            .filter(petition=Given("petition"), name__startswith=Given("start"))
            .only("name")[:2]
        )
    )


def test_a_prepared_queryset_gives_what_the_queryset_gives(shown):
    ours, other = make_petition(), make_petition()
    make_counted(ours, 3)
    make_counted(ours, name="Bo Li", email="bo@mail.example")
    make_counted(other, name="Ada Other", email="other@mail.example")

    for petition in (ours, other, ours):
        expected = petition.signatures.shown().filter(name__startswith="Ada")[:2]
        assert shown.rows(petition=petition.pk, start="Ada") == list(expected)


def test_a_prepared_queryset_asks_the_database_each_time(shown):
    petition = make_petition()
    assert shown.rows(petition=petition.pk, start="Ada") == []

    [ada] = make_counted(petition, name="Ada L")
    assert shown.rows(petition=petition.pk, start="Ada") == [ada]

    ada.withdraw()
    assert shown.rows(petition=petition.pk, start="Ada") == []


def test_what_is_given_is_a_value_and_never_sql(shown):
    petition = make_petition()
    make_counted(petition, name="100% 'Ada'")

    assert shown.rows(petition=petition.pk, start="' OR 1=1 --") == []
    assert len(shown.rows(petition=petition.pk, start="100% 'A")) == 1
