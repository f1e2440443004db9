"""What is personal is declared at its model, and everything we promise follows."""

import json
import re

import pytest
from django.apps import apps
from django.db import models

from database.personal_data import PersonalData, declared, declared_of_supporters
from letters.models import ReportedLetter
from outbox.mailed_keys import CODES
from safeguards.counters import hit
from safeguards.mailbox import Mailbox
from supporters.models import Confirmation, ErasureRequest, MailToSupporter, Supporter
from tests.factories import make_campaign, make_staff
from tests.supporters.holding_nothing import HOLDS_NOTHING
from tests.supporters.markers import (
    ADDRESS,
    do_everything,
    var,  # noqa: F401  a fixture
)

pytestmark = pytest.mark.django_db
# How a column is called that says who somebody is.
TELLING = re.compile(r"email|mailbox|network|hash$")


def undeclared(found):
    """Which of these models say nothing of what they hold of people."""
    return [
        model._meta.label
        for model in found
        if not model._meta.proxy
        and "personal_data" not in vars(model)
        and model._meta.label not in HOLDS_NOTHING
    ]


def keys_to_people(model):
    """The names of a model's keys to a supporter, or to a question to one."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.related_model in (Supporter, Confirmation)
    ]


def make_model(name, **attributes):
    meta = type("Meta", (), {"app_label": "none", "managed": False})
    body = {"__module__": __name__, "Meta": meta, "__str__": str, **attributes}
    return type(name, (models.Model,), body)


def test_every_model_says_what_it_holds_of_people_or_why_nothing():
    everything = apps.get_models(include_auto_created=True)

    assert undeclared(everything) == []
    known = {model._meta.label for model in everything}
    assert [label for label in HOLDS_NOTHING if label not in known] == []
    assert all(HOLDS_NOTHING.values())
    both = {each.model._meta.label for each in declared()} & HOLDS_NOTHING.keys()
    assert both == set()


def test_a_model_that_says_nothing_is_found():
    silent = make_model(
        "Silent", supporter=models.ForeignKey(Supporter, on_delete=models.CASCADE)
    )
    says = make_model("Says", personal_data=PersonalData(supporter="supporter"))

    assert undeclared([silent, says]) == ["none.Silent"]
    assert keys_to_people(silent) == ["supporter"]


def test_whoever_has_a_key_to_a_person_names_the_way_to_them():
    keys = {model: keys_to_people(model) for model in apps.get_models()}
    keyed = [model for model, names in keys.items() if names]

    assert len(keyed) > 8
    for model in keyed:
        way = model.personal_data.supporter
        assert way.split("__")[0] in keys[model], model
        assert model.objects.filter(**{way: 0}).count() == 0


def test_a_declaration_names_verbs_and_columns_that_there_are():
    for each in declared():
        rows = each.model.objects.all()
        verbs = [each.take_out, each.by_address]
        if each.is_of_supporters:
            verbs += [each.export, each.erase]
        verbs += ["for_my_page"] if each.section else []
        verbs += ["consent_withdrawn"] if each.consents else []
        verbs += ["unsubscribe"] if each.unsubscribes else []
        verbs += ["details_of"] if each.fills_in else []
        for verb in filter(None, verbs):
            assert callable(getattr(rows, verb, None)), (each.model, verb)
        columns = {field.name for field in each.model._meta.concrete_fields}
        named = {*each.identifies, *each.texts, *each.about_nobody}
        assert named <= columns, each.model


def test_a_column_that_tells_who_somebody_is_is_declared():
    forgotten = [
        f"{each.model._meta.label}.{field.name}"
        for each in declared()
        for field in each.model._meta.concrete_fields
        if TELLING.search(field.name)
        and not each.model._meta.proxy
        and not field.is_relation
        and field.name not in (*each.identifies, *each.texts, *each.about_nobody)
    ]

    assert forgotten == []


def test_what_others_need_goes_last():
    order = [each.model for each in declared_of_supporters()]

    asked, mails = order.index(Confirmation), order.index(MailToSupporter)
    keyed = [model for model in order if "confirmation" in keys_to_people(model)]
    assert max(order.index(model) for model in keyed) < asked < mails


def test_each_kind_of_row_of_a_person_is_gone_when_they_are_erased(
    var,  # noqa: F811
    work,
):
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    ReportedLetter.objects.report(campaign.letter, supporter=ada)
    ErasureRequest.objects.create(
        email=ADDRESS, reason="Rang.", asked_by=make_staff("di")
    )
    hit(CODES(Mailbox(ADDRESS)))
    kinds = declared_of_supporters()
    before = {each.model._meta.label: each.rows_of(ada).exists() for each in kinds}

    ada.erase()

    assert [label for label, was_there in before.items() if not was_there] == []
    assert len(before) > 12
    for each in kinds:
        left = each.rows_of(ada) if each.supporter else each.rows_at(ADDRESS)
        assert not left.exists(), each.model


def test_somebody_who_did_nothing_has_nothing():
    ada = Supporter.objects.create(email="ada@mail.example")

    numbers = [each.rows_of(ada).count() for each in declared_of_supporters()]

    assert set(numbers) == {0}
    export = ada.export()
    assert export["about you"]["email address"] == "ada@mail.example"
    assert json.loads(json.dumps(export)) == export
    exported = [each for each in declared_of_supporters() if each.export]
    assert len(export) == 1 + len(exported)  # no two kinds have the same title
