"""What a suggested letter and a recipient refuse or mend before they are stored."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from letters.suggested.placeholders import (
    DATE,
    NAME_AND_PLACE,
    SALUTATION,
)
from tests.factories import make_letter, make_recipients

FOLLOW_UP = f"{SALUTATION}\n\nI wrote on {DATE}.\n\n{NAME_AND_PLACE}"


def test_a_thank_you_that_could_not_be_filled_in_is_refused(db):
    suggested = make_letter()
    suggested.thanks_subject = "Thank you"
    suggested.thanks_body = "Thank you, {{name}}."

    with pytest.raises(ValidationError) as refused:
        suggested.clean()

    assert list(refused.value.message_dict) == ["thanks_body"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (FOLLOW_UP.replace(SALUTATION, ""), SALUTATION),
        (FOLLOW_UP.replace(DATE, "Monday"), DATE),
        (f"[Opening]\n\n{FOLLOW_UP}", "[Opening]"),
    ],
)
def test_a_follow_up_that_could_not_be_filled_in_is_refused(db, text, named):
    """It goes to each alone, names the day of the first letter, and nothing else."""
    suggested = make_letter()
    suggested.follow_up = text

    with pytest.raises(ValidationError) as refused:
        suggested.clean()

    assert list(refused.value.message_dict) == ["follow_up"]
    assert named in refused.value.messages[0]


def test_a_follow_up_that_can_be_filled_in_is_taken(db):
    suggested = make_letter()
    suggested.follow_up = FOLLOW_UP

    suggested.clean()


@pytest.mark.parametrize("name", ["name", "office", "ward", "salutation"])
def test_what_becomes_a_header_of_a_mail_stands_on_one_line(db, name):
    person = make_recipients(1).recipients.get()
    setattr(person, name, " Karen \r\n Bcc:\tGoh ")

    person.clean()

    assert getattr(person, name) == "Karen Bcc: Goh"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((), "in office"),
        (("bounced_at",), "emails came back"),
        (("bounced_at", "complained_at"), "marked us as spam"),
        (("bounced_at", "complained_at", "left_office_on"), "left office"),
    ],
)
def test_staff_read_the_strongest_reason_why_nobody_writes_to_an_official(
    db, fields, words
):
    person = make_recipients(1).recipients.get()
    for name in fields:
        setattr(person, name, timezone.now())

    assert str(person.state) == words
