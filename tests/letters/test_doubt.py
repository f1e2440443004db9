"""Very short letters and mass copies wait for a person; suggested ones do not."""

import pytest

from letters.models import Letter, Recipient
from letters.suggested.placeholders import NAME_AND_PLACE, SALUTATION
from tests.factories import (
    make_counted,
    make_letter,
    make_petition,
    make_staff,
    reject,
    release,
)
from tests.letters.makers import states, unchanged, write

pytestmark = pytest.mark.django_db
PAGE = "/campaign-1/letter/"
TYPED = {
    "name": "Ada Lovelace",
    "place": "London",
    "email": "ada@mail.example",
    "subject": "Please help",
    "send": "",
}
TEXT = "Dear Council:\n\nA text that somebody else has written for all of us.\n\n{}"


@pytest.fixture
def suggested():
    return make_letter(make_petition().campaign)


def send(client, body, **others):
    client.post(PAGE, {**TYPED, "body": f"{body}\n\n{NAME_AND_PLACE}", **others})
    return Letter.objects.get()


@pytest.mark.parametrize(
    "body",
    [
        "No!",
        "Help the dogs.",
        "도와주세요",
        "Dear Mayor and Council:\n\nHelp the nice dogs.",
        "Sehr geehrte Frau Bürgermeisterin,\nbitte helfen Sie.",
    ],
)
def test_a_very_short_letter_waits_for_a_person(client, suggested, body):
    assert send(client, body).held_for == "short"


@pytest.mark.parametrize(
    "body",
    [
        "Please help the dogs in your sister city.",
        "부천의 개고기 거래를 끝내 달라고 말씀해 주세요.",
        "犬の肉の取引を終わらせるよう伝えてください。",
        "Please help the dogs, the cats, and us:",
        "Dear Mayor:\n\nPlease help the dogs in your sister city.",
    ],
)
def test_a_few_sentences_do_not_wait(client, suggested, body):
    assert send(client, body).held_for == ""


def test_a_name_of_one_letter_makes_no_letter_short(client, suggested):
    body = "At last, Canada has a law against that."

    assert send(client, body, name="a", place="").held_for == ""


def test_the_place_of_a_salutation_is_no_words(client):
    each = {
        "body": f"{SALUTATION}\n\nOurs.\n\n{NAME_AND_PLACE}",
    }
    make_letter(make_petition().campaign, **each)

    assert send(client, f"{SALUTATION}\n\nHelp the nice dogs.").held_for == "short"


def test_a_short_letter_of_the_campaigns_own_does_not_wait(client):
    make_letter(make_petition().campaign, body=f"Help!\n\n{NAME_AND_PLACE}")

    assert send(client, "Help!").held_for == ""


def test_the_sixth_copy_of_a_text_waits_for_a_person(suggested, mailbox, work):
    for number in range(5):
        copy(suggested, number)
    work()
    asked = {mail["To"] for mail in mailbox.messages}

    sixth = copy(suggested, 6)
    work()

    sixth.refresh_from_db()
    assert len(asked) == 5
    assert (sixth.held_for, sixth.is_held) == ("copies", True)
    assert len(mailbox.messages) == 5
    # A moderator lets it through; then the others go, too.
    release(sixth, make_staff("cy", is_superuser=True))
    copy(suggested, 7)
    work()
    assert len(mailbox.messages) == 7


def test_what_was_asked_about_is_not_held_when_its_mail_is_sent_again(
    client, suggested, mailbox, work
):
    first = copy(suggested, 0)
    work()
    link = mailbox.path_to("confirmation")
    for number in range(1, 7):
        copy(suggested, number)
    work()

    client.post(f"{first.inbox_url}mail/", {"email": first.confirmation.email})
    work()

    first.refresh_from_db()
    assert (first.held_for, reject(first, make_staff("cy"))) == ("", False)
    client.post(link)
    first.refresh_from_db()
    assert first.confirmed_at


def test_copies_of_who_is_known_do_not_wait(suggested, mailbox, work):
    make_counted(suggested.campaign.petition, email="known@mail.example")
    for number in range(5):
        copy(suggested, number)
    work()

    known = copy(suggested, 6, email="known@mail.example")
    work()

    known.refresh_from_db()
    assert not known.is_held


def test_what_is_as_suggested_is_no_mass_copy(suggested, work):
    for number in range(7):
        unchanged(suggested, f"Person{number} Lee")
    work()

    assert not Letter.objects.held().exists()


def test_who_wants_none_for_now_holds_nobody_else_up(suggested, mailbox, work):
    Recipient.objects.filter(order=2).update(rhythm="paused")
    letter = write(suggested)
    letter.confirm()
    work()

    left = [state.startswith("handed to our mail service") for state in states(letter)]
    assert left == [True, False, True]


def copy(suggested, number, **fields):
    name = f"Person{number} Lee"
    details = {"email": f"p{number}@mail.example", "text": TEXT.format(name)}
    return write(suggested, name=name, place="", **{**details, **fields})
