import pytest

from campaign_site.prepared import Given, Prepared, insert
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


def test_a_row_is_inserted_as_the_orm_inserts_it():
    petition = make_petition()
    [by_orm] = make_counted(petition)
    fields = {"petition": petition, "name": "Ada", "city": "", "country": "PT"}
    fields["confirmation"] = by_orm.confirmation

    one, two = insert(Signature, **fields), Signature.objects.create(**fields)

    assert one.pk
    assert one.signed_at
    assert not one._state.adding
    own = {"id", "withdrawal_key", "signed_at"}
    rows = [
        {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        for row in (Signature.objects.get(pk=one.pk), Signature.objects.get(pk=two.pk))
    ]
    assert [{k: v for k, v in row.items() if k not in own} for row in rows[:1]] == [
        {k: v for k, v in row.items() if k not in own} for row in rows[1:]
    ]
