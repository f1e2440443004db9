"""Every key that a mail holds is of one of two classes, found by walking the models."""

import re

import pytest
from django.apps import apps
from django.db import connection, models

from comments.models import Comment
from letters.models import AddressCorrection, Letter, OfficialVisit
from outbox.mailed_keys import (
    TRIES_A_CODE,
    Gone,
    OneTimeKey,
    StandingKey,
    WithCode,
    WithLink,
    new_one_time_key,
    number_and_moment,
    signer,
)
from petitions.models import Signature
from staff.models import Invitation
from supporters.acts.finding import by_mail_token, by_page_token
from supporters.models import Confirmation, Follow, Supporter, Visit
from tests.factories import make_petition, make_recipients, make_staff, sign
from tests.hostile.test_mailed_keys import ACTS

# Keys that no mail holds: they stand in addresses of pages, whose browser has a cookie,
# or in hidden fields of the desk.
NEVER_MAILED = {
    "campaigns.Campaign.draft_key",
    "letters.OfficialVisit.key",
    "supporters.Visit.key",
    "versions.PendingUpload.key",
}
# Of one-time keys, how a row that has one is made.
MAKERS = {
    Invitation: lambda: Invitation.objects.create(
        email="cy@mail.example",
        invited_by=make_staff("root", is_superuser=True),
    ),
    Visit: lambda: Visit.objects.create(
        supporter=Supporter.objects.with_address("ada@mail.example"), language="en"
    ),
    OfficialVisit: lambda: OfficialVisit.objects.create(
        recipient=make_recipients(1).recipients.get(), email="ward1@council.example"
    ),
    AddressCorrection: lambda: AddressCorrection.objects.create(
        recipient=make_recipients(1).recipients.get(),
        old_email="ward1@council.example",
        email="new@council.example",
    ),
}


def fields_of(kind):
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, kind)
    ]


def is_like_a_key(field):
    """By its name, or by the name of what makes it."""
    made = getattr(field.default, "__name__", "")
    return isinstance(field, models.CharField) and (
        "key" in made or field.name.endswith("_key") or field.name == "key"
    )


def test_every_key_has_its_class_or_is_never_mailed():
    ours = {config.label for config in apps.get_app_configs() if is_ours(config)}
    plain = {
        str(field)
        for field in fields_of(models.CharField)
        if field.model._meta.app_label in ours
        and is_like_a_key(field)
        and not isinstance(field, StandingKey | OneTimeKey)
    }

    assert plain == NEVER_MAILED


def is_ours(config):
    return "site-packages" not in config.path


def test_every_act_with_a_standing_key_is_attacked():
    """`taken_over` makes one of each of ACTS."""
    acts = {relation.related_model for relation in Confirmation._meta.related_objects}
    found = {field.model for field in fields_of(StandingKey)} & acts

    assert found == {Signature, Letter, Comment, Follow}
    assert {model._meta.model_name for model in found} == set(ACTS)


def test_every_one_time_key_is_attacked():
    assert {field.model for field in fields_of(OneTimeKey)} == set(MAKERS)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MAKERS)
def test_a_one_time_key_is_not_stored_and_ends_with_the_next(model):
    [field] = [f for f in model._meta.fields if isinstance(f, OneTimeKey)]
    row, first, second = MAKERS[model](), new_one_time_key(), new_one_time_key()
    rows = model.objects.filter(pk=row.pk)

    rows.update(**{field.name: first})
    assert rows.filter(**{field.name: first}).exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
        assert first not in str(cursor.fetchall())
    rows.update(**{field.name: second})

    stored = str(getattr(rows.get(), field.name))
    assert not rows.filter(**{f"{field.name}__in": [first, stored, ""]}).exists()
    # What is read is saved as it was.
    rows.get().save()
    assert rows.filter(**{field.name: second}).exists()
    rows.update(**{field.name: None})
    assert not rows.filter(**{field.name: second}).exists()


WITH_CODE = {
    Visit: MAKERS[Visit],
    Confirmation: lambda: Confirmation.objects.create(
        supporter=Supporter.objects.with_address("ada@mail.example"),
        kind="signature",
        language="en",
    ),
}


def test_every_kind_with_a_link_is_attacked():
    with_link = {m for m in apps.get_models() if issubclass(m, WithLink)}

    assert with_link == {AddressCorrection, Confirmation, OfficialVisit}


@pytest.mark.django_db
def test_a_link_is_of_one_kind_one_row_and_one_address():
    petition = make_petition()
    act, other_act = sign(petition), sign(petition)
    row, other = act.confirmation, other_act.confirmation
    key, rows = row.link_key, Confirmation.objects

    assert by_mail_token(Signature, key) == act
    assert key != other.link_key
    altered = key.replace(number_and_moment(row), number_and_moment(other), 1)
    assert altered != key
    for wrong in (altered, key[:-1], row.page_token, row.code, str(row.pk), "", "0.x"):
        with pytest.raises(Confirmation.DoesNotExist):
            by_mail_token(Signature, wrong)
    with pytest.raises(Confirmation.DoesNotExist):
        by_page_token(Signature, key)
    for another_kind in (Letter, Follow, Comment):
        with pytest.raises(another_kind.DoesNotExist):
            by_mail_token(another_kind, key)
    elsewhere = Supporter.objects.with_address("eve@mail.example")
    rows.filter(pk=row.pk).update(supporter=elsewhere)
    with pytest.raises(Signature.DoesNotExist):
        by_mail_token(Signature, key)
    assert by_mail_token(Signature, rows.get(pk=row.pk).link_key) == act


@pytest.mark.django_db
def test_a_link_to_an_old_address_is_of_one_row_and_one_new_address():
    row, rows = MAKERS[AddressCorrection](), AddressCorrection.objects
    key = row.link_key
    other = rows.create(
        recipient=row.recipient, old_email=row.old_email, email="x@y.example"
    )

    assert AddressCorrection.with_link(key) == row
    altered = key.replace(number_and_moment(row), number_and_moment(other), 1)
    assert altered != key
    for wrong in (altered, key[:-1], sign(make_petition()).confirmation.link_key, ""):
        assert AddressCorrection.with_link(wrong) is None
    rows.filter(pk=row.pk).update(email="eve@mail.example")
    assert AddressCorrection.with_link(key) is None


@pytest.mark.django_db
def test_a_link_is_in_every_mail_the_same_until_its_row_is_gone():
    act = sign(make_petition())
    row = act.confirmation
    key, code = row.link_key, row.code

    row.issue_code(4711)

    assert row.link_key == key
    assert row.code != code
    act.delete()
    with pytest.raises(Signature.DoesNotExist):
        by_mail_token(Signature, key)
    row.delete()
    with pytest.raises(Gone):
        by_mail_token(Signature, key)


def test_every_kind_with_a_code_is_attacked():
    assert {m for m in apps.get_models() if issubclass(m, WithCode)} == set(WITH_CODE)


@pytest.mark.django_db
@pytest.mark.parametrize("model", WITH_CODE)
def test_a_code_is_of_one_row_one_mail_and_one_address(model, settings):
    settings.LIMIT_CODE_TRIES_A_DAY = 1000
    row, other = WITH_CODE[model](), WITH_CODE[model]()
    assert not row.takes(row.code)  # nothing was mailed
    row.issue_code(4711)
    other.issue_code(4712)
    first = row.code
    row.issue_code(4711)  # the mail is written again

    assert row.code == first
    assert row.takes(first)
    assert not row.takes(other.code)
    row.issue_code(4713)
    assert not row.takes(first)
    elsewhere = Supporter.objects.with_address("eve@mail.example")
    model.objects.filter(pk=row.pk).update(supporter=elsewhere)
    before, row = row.code, model.objects.get(pk=row.pk)
    assert row.code != before
    for _guess in range(TRIES_A_CODE):
        row.takes("000000")
    assert not row.takes(row.code)
    assert row.tries_left == 0


@pytest.mark.django_db
def test_a_code_of_one_kind_is_none_of_another():
    codes = set()
    for make in WITH_CODE.values():
        row = make()
        row.pk, row.issue = 4711, 4711
        codes.add(row.code)

    assert len(codes) == len(WITH_CODE)


def test_no_key_looks_like_the_address_of_a_wallet():
    """SpamAssassin's PDS_BTC_ID gives a mail with such a piece of a link one point."""
    wallet = re.compile(r"\b[13][a-km-zA-HJ-NP-Z1-9]{25,34}\b")
    signs = signer("a salt").sign
    keys = [key for n in range(20_000) for key in (signs(str(n)), new_one_time_key())]

    assert [key for key in keys if wallet.search(key)] == []
