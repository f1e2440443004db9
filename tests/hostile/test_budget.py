"""Input that multiplies: an answer, a mail and the work for both stay in proportion."""

import pytest

from letters import placeholders
from letters.models import Letter
from letters.placeholders import ASK, NAME_AND_PLACE, OWN_WORDS, SALUTATION
from tests.factories import LETTER, make_letter

pytestmark = pytest.mark.django_db
PAGE = "/campaign-1/letter/"


def typed(**fields):
    return {
        "name": "Ada Lovelace",
        "email": "ada@mail.example",
        "subject": "Please help",
        "body": LETTER,
        **fields,
    }


def test_a_letter_is_never_larger_than_what_was_typed(client, mailbox, work):
    make_letter()
    many = f"{OWN_WORDS}\n" * 540 + NAME_AND_PLACE

    page = client.post(PAGE, typed(body=many, own_words="x" * 2000))
    sent = client.post(PAGE, typed(body=many, own_words="x" * 2000, send=""))

    assert (page.status_code, sent.status_code) == (422, 422)
    assert f"Write {OWN_WORDS} once at most." in page.text
    assert len(page.content) < 100_000
    assert not Letter.objects.exists()


@pytest.mark.parametrize("field", ["own_words", "name", "place", "subject"])
def test_what_is_filled_in_holds_nothing_to_fill_in(client, field):
    make_letter(mode="each", body=f"{SALUTATION}\n\nHelp.\n\n{NAME_AND_PLACE}")

    page = client.post(PAGE, typed(**{field: f"Bo {SALUTATION}", "send": ""}))

    assert page.status_code == 422
    assert f"Leave out {SALUTATION} here: it stands in the message only." in page.text
    assert not Letter.objects.exists()


def test_the_filled_letter_has_a_length_of_its_own(client):
    make_letter(ask="a" * 900, body=f"{ASK}\n\n{NAME_AND_PLACE}")
    body = f"{'b' * 9_900}\n\n{ASK}\n\n{NAME_AND_PLACE}"

    page = client.post(PAGE, typed(body=body, own_words="w" * 2_000, send=""))

    assert page.status_code == 422
    assert "the letter may have 12,000 characters" in page.text
    assert not Letter.objects.exists()


def test_whatever_is_filled_in_is_filled_in_once():
    names = (OWN_WORDS, NAME_AND_PLACE, ASK, SALUTATION)
    text = "\n\n".join(" ".join(names) for _ in range(100))

    filled = placeholders.as_text(
        placeholders.fill(
            text, name="N" * 120, own_words="O" * 2000, ask="A" * 1000, salutation="S"
        )
    )

    assert len(filled) < len(text) + 120 + 2000 + 1000 + 1
    assert placeholders.put("[x] [x]", "[x]", "y") == "y [x]"


def test_a_page_with_links_for_webmail_stays_small_in_every_script(client):
    make_letter()

    page = client.post(PAGE, typed(body=f"{'가' * 9_900}\n\n{NAME_AND_PLACE}"))

    assert page.status_code == 200
    assert "Your letter is too long for these buttons." in page.text
    assert len(page.content) < 6 * len(("가" * 9_900).encode())
