"""An address that was erased stands in no text of any table, whoever wrote it there."""

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction

from database.personal_data import declared
from petitions.models import Invalidation
from safeguards.blocks import Block
from staff.models import Alert
from supporters.models import ErasureRequest, Mailing
from tests.factories import (
    make_campaign,
    make_follow,
    make_paper,
    make_petition,
    make_staff,
    make_stance,
    make_update,
    sign,
    write_comment,
)
from tests.supporters.markers import (
    ADDRESS,
    do_everything,
    traces_in_database,
    var,  # noqa: F401  a fixture
)
from translations.word_reports.models import WordReport

pytestmark = pytest.mark.django_db
# Shorter ones hold hashes, keys and codes.
SHORTEST = 33


def text_columns():
    """(model, field) of each column in which somebody could write an address: all
    that is not declared to be about nobody, or what its own owner is found by."""
    texts = (models.CharField, models.TextField, models.JSONField)
    for each in declared():
        if each.model._meta.proxy:  # another name of a table
            continue
        for field in each.model._meta.concrete_fields:
            is_text = isinstance(field, texts) and not isinstance(field, ArrayField)
            is_short = field.max_length is not None and field.max_length < SHORTEST
            is_own = field.name in (*each.identifies, *each.about_nobody)
            if is_text and not (is_short or field.choices or is_own):
                yield each.model, field


def write_it_into(model, field):
    """The address in one row of others; whether the table has one that takes it."""
    table, column = model._meta.db_table, field.column
    value = f"{ADDRESS}"
    if isinstance(field, models.JSONField):
        value = f'[["other", "{ADDRESS}"]]'
        if column == "before":
            value = f'{{"hidden_words": "{ADDRESS}"}}'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id DESC")
        for (pk,) in cursor.fetchall():
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'UPDATE {table} SET "{column}" = %s WHERE id = %s', [value, pk]
                    )
                return True
            except IntegrityError:
                continue  # a row that must be empty there, such as an anonymous one
    return False


def of_others(campaign):
    """A row of others in each table that the erased person's acts have not filled."""
    di = make_staff("di")
    bo = {"name": "Bo", "email": "bo@mail.example"}
    sign(campaign.petition, **bo, consents=[("shown name", "In full: Bo", "1")])
    make_paper(campaign.petition, "Bo")
    Invalidation.objects.create(
        petition=campaign.petition, reason="A flood.", found_by="", keys=[], number=0
    )
    make_stance(campaign.letter, campaign.letter.recipient_list.recipients.first())
    comment = write_comment(campaign, "Hm.", **bo)
    comment.report(reason="hate", words="No.", network_hash="b" * 32)
    make_follow(campaign, "bo@mail.example")
    Mailing.objects.send(make_update(campaign), by=di)
    ErasureRequest.objects.create(email="bo@mail.example", reason="Rang.", asked_by=di)
    Alert.objects.sound("other", "", "Look.", "Look.", "/admin/")
    WordReport.objects.take(
        campaign=campaign, location="/ko/", language="ko", words="x", network_hash=""
    )
    Block.objects.create(kind="word", value="worse", note="Why.", added_by=di)
    if apps.is_installed("access_keys"):
        key = apps.get_model("access_keys", "AccessKey")
        key.objects.create(name="CRM", key_hash=b"0" * 32, ends_on="2030-01-01")
    return di


def test_whoever_wrote_it_wherever_the_address_is_gone(var, work):  # noqa: F811
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    of_others(campaign)
    work()

    written = {
        f"{model._meta.label}.{field.name}": write_it_into(model, field)
        for model, field in text_columns()
    }
    ada.erase()

    assert [name for name, is_there in written.items() if not is_there] == []
    assert len(written) > 35
    assert traces_in_database() == {}


def test_what_staff_wrote_of_it_in_the_admins_log_is_gone(var, work):  # noqa: F811
    di = make_staff("di")
    signature = sign(make_petition(), email=ADDRESS)
    ada = signature.confirmation.supporter
    block = Block.objects.create(kind="address", value=ADDRESS, added_by=di)
    said = [{"changed": {"name": "block", "object": ADDRESS}}]
    LogEntry.objects.log_actions(di.pk, [block, signature], CHANGE, said)
    block.delete()

    ada.erase()

    assert LogEntry.objects.count() == 2
    assert traces_in_database() == {}
