"""Whatever a stranger types and others read is judged, wherever it is typed."""

import pytest
from django.apps import apps
from django.db import models

from comments.models import Comment
from letters.models import Letter, OfficialAnswer
from petitions.models import Signature
from safeguards.blocks import Block
from tests.factories import (
    ADA,
    make_campaign,
    make_letter,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.letters.test_sending import HERE, form

SIGN = "/campaign-1/signatures/"
COMMENTS = "/campaign-1/comments/"
BAD = "Grand Casino"
# What strangers type, by model: what others read of it, and what staff alone read.
PUBLIC = {
    "petitions.signature": {"shown_name", "city"},
    "letters.letter": {"name", "place", "subject", "text"},
    "comments.comment": {"name", "text"},
    "letters.officialanswer": {"text"},
}
FOR_STAFF = {
    "petitions.signature": {"name"},
    "comments.comment": {"appeal"},
    "supporters.report": {"words", "name"},
    "translations.wordreport": {"words", "better"},
    "letters.delivery": {"answer"},
}
# Written by staff, or by the site.
OURS = {
    "letters.officialanswer": {"reason"},
    "letters.delivery": {"label", "greeting"},
    "comments.comment": {"hidden_for", "hidden_words", "written_in"},
    "supporters.report": {"location", "email", "reasons"},
    "translations.wordreport": {"location"},
    "volunteers.translatedtext": {"what", "source"},
}
if apps.is_installed("volunteers"):
    FOR_STAFF["volunteers.translatedtext"] = {"words"}


@pytest.fixture(autouse=True)
def blocked(db):
    Block.objects.create(kind="word", value="casino")


@pytest.mark.parametrize("field", ["name", "city"])
def test_a_signers_name_and_city_wait(client, field):
    make_petition()

    client.post(SIGN, {**ADA, "shown_as": "full", field: BAD})

    assert Signature.objects.get().name_hidden_for == "word"


def test_so_does_a_name_that_is_chosen_later_and_a_city_that_is_put_right():
    chosen, put_right = [
        sign(make_petition(), shown_as="first", shown_name="Ada") for _ in range(2)
    ]

    chosen.public_name.choose("first", BAD)
    put_right.signer.correct(name="Ada Lovelace", city=BAD, country="GB")

    found = Signature.objects.values_list("name_hidden_for", flat=True)
    assert list(found) == ["word", "word"]


@pytest.mark.parametrize("field", ["name", "place", "subject", "own_words", "body"])
def test_a_letter_waits_for_each_of_its_words(client, field):
    suggested = make_letter()
    body = suggested.body.replace("Thank you.", f"{BAD}.\n\nThank you.")
    assert BAD in body

    client.post(HERE, form(suggested, **{field: body if field == "body" else BAD}))

    letter = Letter.objects.get()
    assert (letter.is_held, letter.held_for) == (True, "word")


@pytest.mark.parametrize("field", ["name", "text"])
def test_a_comment_and_its_writers_name_wait(client, field):
    make_campaign()
    typed = {"name": "Ada L.", "email": "ada@mail.example", "text": "Please help."}

    client.post(COMMENTS, {**typed, field: BAD})

    assert ["word", "casino"] in Comment.objects.get().findings


def test_so_does_a_comment_that_is_written_anew(client):
    comment = write_comment(make_campaign(), "Please help.")

    client.post(f"{comment.inbox_url}text/", {"text": BAD})

    comment.refresh_from_db()
    assert comment.text == BAD
    assert ["word", "casino"] in comment.findings


def test_who_decides_on_an_officials_answer_reads_what_was_found(client):
    suggested = make_letter()
    recipient = suggested.recipient_list.recipients.first()
    answer = OfficialAnswer.objects.write(suggested, recipient, f"See you at {BAD}.")
    client.force_login(make_staff("bo", "Campaigners"))

    page = client.get(f"/admin/letters/officialanswer/{answer.pk}/change/")

    assert "a word on the block list: casino" in page.text


@pytest.mark.parametrize("label", sorted(PUBLIC.keys() | FOR_STAFF.keys()))
def test_no_text_of_strangers_is_forgotten_here(label):
    """A new field for words is public, for staff, or ours: its author says which."""
    texts = {
        field.name
        for field in apps.get_model(label)._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not (field.choices or field.generated or field.is_relation)
    }
    known = [table.get(label, set()) for table in (PUBLIC, FOR_STAFF, OURS)]

    assert texts - {"country", "language", "outcome"} == set().union(*known)
