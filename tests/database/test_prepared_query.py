import pytest
from django.db import connection
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Upper
from django.utils import timezone

from comments.models import Comment
from database import prepared
from database.postgresql.base import MOST_CURSORS
from database.prepared import (
    Given,
    PreparedQuery,
    insert,
    new_row,
    rows_of,
    rows_together,
    which_have_rows,
)
from outbox.models import OutgoingMail
from petitions.models import Petition, Signature
from supporters.models import Confirmation, Supporter
from tests.factories import make_counted, make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    return PreparedQuery(
        lambda: (
            Signature.objects.shown()
            .filter(petition=Given("petition"), name__startswith=Given("start"))
            .annotate(upper=Upper("name"))[:2]
        )
    )


def test_a_prepared_queryset_gives_what_the_queryset_gives(shown):
    ours, other = make_petition(), make_petition()
    make_counted(ours, 3)
    make_counted(ours, name="Bo Li", email="bo@mail.example")
    make_counted(other, name="Ada Other", email="other@mail.example")

    for petition in (ours, other, ours):
        expected = petition.signatures.shown().filter(name__startswith="Ada")[:2]
        rows = shown.rows(petition=petition.pk, start="Ada")
        assert [vars_of(row) for row in rows] == [vars_of(row) for row in expected]
        assert all(row.upper == row.name.upper() for row in rows)


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


def test_several_are_answered_by_one_statement_each_as_by_itself(
    shown, django_assert_num_queries
):
    petition = make_petition()
    make_counted(petition, 3, name="100% 'Ada'")
    asks = PreparedQuery(lambda: Petition.objects.filter(ask__contains=Given("word")))
    newest = PreparedQuery(
        lambda: Signature.objects.filter(petition=Given("petition")).order_by("-pk")
    )
    given = {"petition": petition.pk}

    with django_assert_num_queries(1):
        found = rows_together(
            (shown, {**given, "start": "100%"}),
            (asks, {"word": "nothing has it"}),
            (newest, given),
            (asks, {"word": "council"}),
        )

    expected = [
        shown.rows(**given, start="100%"),
        [],
        newest.rows(**given),
        asks.rows(word="council"),
    ]
    assert [[vars_of(row) for row in rows] for rows in found] == [
        [vars_of(row) for row in rows] for rows in expected
    ]
    assert [row.upper for row in found[0]] == ["100% 'ADA'"] * 2


def test_rows_that_it_joins_come_along_and_are_none_where_there_are_none(
    django_assert_num_queries,
):
    joined = PreparedQuery(
        lambda: (
            Signature.objects.filter(name=Given("name"))
            .select_related("confirmation__supporter", "petition", "decided_by")
            .annotate(upper=Upper("name"))
        )
    )
    petition = make_petition()
    make_counted(petition, 2)
    make_counted(petition, name="Bo Li", email="bo@mail.example")

    with django_assert_num_queries(1):
        found = joined.rows(name="Ada Lovelace")
        people = [signature.confirmation.supporter for signature in found]

        assert {each.email for each in people} == {
            "person0@mail.example",
            "person1@mail.example",
        }
        assert [each.petition for each in found] == [petition] * 2
        assert [each.decided_by for each in found] == [None] * 2
        assert [each.upper for each in found] == ["ADA LOVELACE"] * 2


def test_which_of_several_find_a_row_is_one_answer(shown, django_assert_num_queries):
    petition = make_petition()
    make_counted(petition, name="Bo Li")
    asked = [(shown, {"petition": petition.pk, "start": one}) for one in ("A", "B")]

    with django_assert_num_queries(1):
        assert which_have_rows(*asked) == [False, True]
    assert which_have_rows() == []


def test_rows_are_inserted_as_the_orm_inserts_them():
    petition = make_petition()
    [by_orm] = make_counted(petition)
    fields = {"petition": petition, "name": "Ada", "city": "", "country": "PT"}
    fields["confirmation"] = by_orm.confirmation

    one, two = Signature(**fields), Signature.objects.create(**fields)
    insert(one)

    assert one.pk
    assert one.created_at
    assert not one._state.adding
    own = {"id", "withdrawal_key", "created_at"}
    stored = [Signature.objects.get(pk=row.pk) for row in (one, two)]
    assert vars_of(stored[0], but=own) == vars_of(stored[1], but=own)


def test_rows_of_several_models_hold_each_other_and_who_is_there_already_stays():
    known = Supporter.objects.create(email="ada@mail.example", cookie_version=7)
    petition = make_petition()

    for email in (known.email, "bo@mail.example"):
        supporter = Supporter(email=email)
        confirmation = Confirmation(
            supporter=supporter, campaign=petition.campaign, kind="signature"
        )
        signature = Signature(petition=petition, confirmation=confirmation)
        insert(supporter, confirmation, signature, known_by={Supporter: "email"})

        stored = Signature.objects.get(pk=signature.pk)
        assert signature.confirmation is confirmation
        assert stored.confirmation == confirmation
        assert stored.confirmation.supporter == supporter
        assert stored.confirmation.email == email

    assert Supporter.objects.count() == 2
    known.refresh_from_db()
    assert known.cookie_version == 7


def test_a_number_may_be_the_key_of_a_row_and_a_default_is_left_to_the_database():
    supporter = Supporter(email="ada@mail.example")
    mail = OutgoingMail.unsaved("my_page", supporter, supporter.email)
    chosen = Supporter(email="bo@mail.example", mail_language="fr")

    insert(supporter, mail, chosen, known_by={Supporter: "email"})

    assert OutgoingMail.objects.get().about == mail.about == supporter.pk
    stored = Supporter.objects.order_by("email")
    assert [row.mail_language for row in stored] == ["", "fr"]


def vars_of(row, but=()):
    fields = row._meta.concrete_fields
    return {f.name: f.value_from_object(row) for f in fields if f.name not in but}


def test_no_statement_tells_what_was_found_about_its_row():
    """Once a process has filled a field, each row has a parameter for it."""
    petition = make_petition()

    def store(number, **found):
        supporter = Supporter(email=f"{number}@mail.example")
        asked = Confirmation(supporter=supporter, kind="signature", language="en")
        row = Signature(
            petition=petition, confirmation=asked, name="Ada", country="GB", **found
        )
        insert(supporter, asked, row, known_by={Supporter: "email"})
        return Signature.objects.get(pk=row.pk)

    held = {"held_at": timezone.now(), "held_for": "flood"}
    store(1, **held)
    statements = prepared._insertion.cache_info().currsize

    usual, held_again = store(2), store(3, **held)

    assert prepared._insertion.cache_info().currsize == statements
    assert (usual.held_at, held_again.held_at) == (None, held["held_at"])


def test_a_new_row_is_what_its_model_makes():
    petition = make_petition()
    given = {"petition": petition, "name": "Ada", "country": "GB"}

    ours, theirs = new_row(Signature, **given), Signature(**given)

    but = {"withdrawal_key", "shows_name", "created_at"}
    assert vars_of(ours, but) == vars_of(theirs, but)
    assert ours.petition is petition
    assert isinstance(ours.created_at, DatabaseDefault)
    assert ours._state.adding
    another = new_row(Signature, **given)
    assert len(ours.withdrawal_key) == len(another.withdrawal_key) == 22
    assert ours.withdrawal_key != another.withdrawal_key
    assert new_row(Signature, withdrawal_key="mine").withdrawal_key == "mine"


def test_what_is_changed_in_one_new_row_is_in_no_other():
    one, two = new_row(Comment), new_row(Comment)
    one.findings.append("link")
    one.name = "Ada"

    assert two.findings == new_row(Comment).findings == []
    assert new_row(Comment).name == ""


def test_a_new_row_takes_only_what_its_model_has():
    with pytest.raises(TypeError, match="nmae"):
        new_row(Signature, nmae="Ada")


def test_each_statement_answers_as_itself_however_many_there_are():
    echoes = [f"SELECT %s, {number}" for number in range(40)]

    for value in ("a", 1, None, "b", 2**40, 2.5, True):
        answers = [rows_of(echo, [value]) for echo in echoes]

        assert answers == [[(value, number)] for number in range(40)]
    assert len(connection._cursors) <= MOST_CURSORS
