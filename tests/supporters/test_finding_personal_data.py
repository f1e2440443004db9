"""Whatever holds a key to a person can be found, erased and taken along."""

import json

import pytest
from django.db import models

from supporters.models import Confirmation, MailToSupporter, Supporter
from supporters.personal_data.finding import models_with_personal_data, personal_data_of

pytestmark = pytest.mark.django_db
OFFERS = ("of_supporter", "erase", "export")


def lacking(model):
    """What a model with a key to a person should offer, and does not."""
    rows = model._default_manager.all()
    return [name for name in OFFERS if not callable(getattr(rows, name, None))]


def test_every_model_with_a_key_to_a_person_knows_how_to_let_go_of_it():
    found = models_with_personal_data()

    assert {model._meta.label for model in found} >= {
        "petitions.Signature",
        "letters.Letter",
        "letters.ReportedLetter",
        "comments.Comment",
        "comments.CommentSubscription",
        "supporters.Consent",
        "supporters.Confirmation",
        "supporters.Visit",
    }
    assert {
        model._meta.label: lacking(model) for model in found if lacking(model)
    } == {}


def test_a_model_that_forgot_to_is_found():
    class Forgetful(models.Model):
        supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE)

        class Meta:
            app_label = "none"
            managed = False

        def __str__(self):
            return "forgetful"

    assert lacking(Forgetful) == list(OFFERS)


def test_what_others_need_goes_last():
    found = models_with_personal_data()

    assert found[-2:] == [Confirmation, MailToSupporter]
    assert len(found) == len(set(found))


def test_somebody_who_did_nothing_has_nothing():
    ada = Supporter.objects.create(email="ada@mail.example")

    assert [rows.count() for rows in personal_data_of(ada)] == [0] * len(
        personal_data_of(ada)
    )
    export = ada.export()
    assert export["about you"]["email address"] == "ada@mail.example"
    assert json.loads(json.dumps(export)) == export
