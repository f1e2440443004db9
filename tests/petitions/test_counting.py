import pytest
from django.db import IntegrityError, transaction

from petitions.models import Signature, Standing, TallyEntry
from tests.concurrency import at_once
from tests.factories import make_counted, make_petition, sign


@pytest.mark.django_db
def test_two_spellings_of_a_mailbox_are_one_person():
    petition = make_petition()

    sign(petition, email="ada.l+x@gmail.com").confirm()
    sign(petition, email="adal@googlemail.com").confirm()

    assert Signature.objects.counted().count() == 1
    assert petition.standing.count == 1


@pytest.mark.django_db
def test_a_couple_at_one_mailbox_is_counted_twice_and_a_third_name_is_not():
    petition = make_petition()

    for name in ("Ada Lovelace", "Bo Lovelace", "LOVELACE Àda", "Cy Lovelace"):
        sign(petition, name=name).confirm()

    names = [s.name for s in Signature.objects.counted().order_by("seat")]
    assert names == ["Ada Lovelace", "Bo Lovelace"]
    assert petition.standing.count == 2


@pytest.mark.django_db
def test_who_has_the_second_seat_is_not_counted_again_when_the_first_is_free():
    petition = make_petition()
    first, second = sign(petition), sign(petition, name="Bo Lovelace")
    first.confirm()
    second.confirm()
    first.withdraw()

    sign(petition, name="Bo Lovelace").confirm()

    assert Signature.objects.counted().get() == second


@pytest.mark.django_db
def test_a_second_counted_signature_for_one_seat_is_impossible():
    petition = make_petition()
    first, second = sign(petition), sign(petition, name="Bo")
    first.confirm()
    second.confirm()

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=second.pk).update(seat=first.seat)


@pytest.mark.django_db
def test_confirming_twice_counts_once():
    petition = make_petition()
    signature = sign(petition)

    signature.confirm()
    signature.confirm()
    Signature.objects.get(pk=signature.pk).confirm()

    assert petition.standing.count == 1


@pytest.mark.django_db
def test_the_same_address_may_sign_two_petitions():
    for petition in (make_petition(), make_petition()):
        sign(petition).confirm()

        assert petition.standing.count == 1


@pytest.mark.django_db
def test_withdrawing_takes_the_name_off_and_one_may_sign_again():
    petition = make_petition()
    signature = sign(petition)
    signature.confirm()

    signature.withdraw()
    signature.withdraw()

    assert make_standing(petition).count == 0
    sign(petition).confirm()
    assert make_standing(petition).count == 1


@pytest.mark.django_db
def test_withdrawing_before_confirming_closes_the_link():
    petition = make_petition()
    signature = sign(petition)

    signature.withdraw()
    signature.confirm()

    assert not Signature.objects.get().counted
    assert make_standing(petition).count == 0


@pytest.mark.django_db
def test_the_fold_changes_no_sum():
    petition = make_petition()
    make_counted(petition, 4)
    make_counted(petition, 3, country="PT", name="Bo")
    Signature.objects.counted().first().withdraw()
    before = make_standing(petition)

    rolled_up = TallyEntry.roll_up()

    after = make_standing(petition)
    assert rolled_up == 8
    assert (after.count, after.countries) == (before.count, before.countries) == (6, 2)
    assert TallyEntry.objects.count() == 2
    assert TallyEntry.roll_up() == 0


@pytest.mark.django_db
def test_a_country_that_nobody_is_left_in_is_not_counted():
    petition = make_petition()
    [signature] = make_counted(petition)
    make_counted(petition, 1, country="PT", name="Bo")

    signature.withdraw()
    TallyEntry.roll_up()

    standing = make_standing(petition)
    assert (standing.count, standing.countries) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_of_one_address_at_once_one_is_counted():
    petition = make_petition()
    signatures = [sign(petition) for _ in range(6)]

    at_once([signature.confirm for signature in signatures])

    assert Signature.objects.counted().count() == 1
    assert make_standing(petition).count == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_on_one_button_at_once_one_is_counted():
    petition = make_petition()
    pk = sign(petition).pk

    at_once([Signature.objects.get(pk=pk).confirm for _ in range(6)])

    assert make_standing(petition).count == 1


@pytest.mark.django_db(transaction=True)
def test_the_sum_is_exact_while_people_confirm_withdraw_and_the_tally_folds():
    petition = make_petition()
    leaving = make_counted(petition, 20)
    coming = [sign(petition, email=f"new{n}@mail.example") for n in range(20)]

    at_once(
        [signature.withdraw for signature in leaving[:10]]
        + [signature.confirm for signature in coming]
        + [TallyEntry.roll_up] * 10
    )

    assert Signature.objects.counted().count() == 30
    assert make_standing(petition).count == 30


@pytest.mark.parametrize(
    ("count", "goal"),
    [(0, 50), (49, 50), (50, 75), (75, 100), (100, 150), (1284, 1500), (7500, 10000)],
)
def test_the_goal_is_the_next_step_in_reach(count, goal):
    assert Standing(count, 1).goal == goal


def make_standing(petition):
    """The standing as a new reader sees it."""
    return type(petition).objects.get(pk=petition.pk).standing
