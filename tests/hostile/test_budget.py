"""Input that multiplies: an answer, a mail and the work for both stay in proportion."""

from time import thread_time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from letters.models import Letter
from letters.suggested import placeholders
from letters.suggested.placeholders import ASK, NAME_AND_PLACE, OWN_WORDS, SALUTATION
from safeguards.confusables import plain
from safeguards.public_text import addresses_in, public_text
from safeguards.same_words import digest
from tests.campaign_editor.forms import page_of, press, whole
from tests.factories import (
    LETTER,
    make_campaign,
    make_letter,
    make_recipients,
    make_staff,
)

pytestmark = pytest.mark.django_db
PAGE = "/campaign-1/letter/"
CAMPAIGNS = "/admin/campaigns/campaign/"


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
    make_letter(body=f"{SALUTATION}\n\nHelp.\n\n{NAME_AND_PLACE}")

    page = client.post(PAGE, typed(**{field: f"Bo {SALUTATION}", "send": ""}))

    assert page.status_code == 422
    assert f"Leave out {SALUTATION} here. It belongs in the message only." in page.text
    assert not Letter.objects.exists()


def test_the_filled_letter_has_a_length_of_its_own(client):
    make_letter(ask="a" * 900, body=f"{ASK}\n\n{NAME_AND_PLACE}")
    body = f"{'b' * 9_900}\n\n{ASK}\n\n{NAME_AND_PLACE}"

    page = client.post(PAGE, typed(body=body, own_words="w" * 2_000, send=""))

    assert page.status_code == 422
    assert "the letter can have 12,000 characters" in page.text
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


def test_a_preview_of_thousands_of_paragraphs_takes_what_others_take(client):
    make_letter()
    bodies = [f"{text}\n\n{NAME_AND_PLACE}" for text in ("- " * 4500, "\n\n- " * 2250)]

    one, thousands = (
        seconds(lambda body=body: client.post(PAGE, typed(body=body)))
        for body in bodies
    )
    page = client.post(PAGE, typed(body=bodies[1]))

    assert page.text.count('<p dir="auto">-</p>') == 2250
    assert thousands < 3 * one


@pytest.mark.parametrize("sign", ["\ufdfa", "\u3316", "가"])
def test_no_sign_makes_it_dear_to_compare_words(sign):
    assert seconds(lambda: digest(sign * 5000)) < 5 * seconds(
        lambda: digest("é" * 5000)
    )


@pytest.mark.parametrize("pump", ["1 ", "0-", "o1l ", "\ufdfa", "İ", "가", "a.co "])
def test_no_text_is_dear_to_judge(pump):
    def judge(text):
        plain.cache_clear()
        addresses_in.cache_clear()
        public_text(name="Ada Lovelace", text=text, words=["casino"])

    ordinary = "Please help the 12 dogs of your city. " * 132
    text = (pump * 5000)[:5000]

    assert seconds(lambda: judge(text)) < 5 * seconds(lambda: judge(ordinary))


def seconds(do):
    """The least that it takes, of five times."""

    def once():
        begun = thread_time()
        do()
        return thread_time() - begun

    return min(once() for _try in range(5))


@pytest.fixture
def staff():
    browser = Client()
    browser.force_login(make_staff("bo", is_superuser=True))
    return browser


def test_staff_search_for_some_words_and_not_for_a_page_of_them(staff):
    make_campaign(title="Bucheon")
    words = "+".join(["a"] * 1200)
    autocomplete = (
        "/admin/autocomplete/?app_label=letters&model_name=suggestedletter"
        "&field_name=campaign&term="
    )

    with CaptureQueriesContext(connection) as asked:
        page = staff.get(f"/admin/campaigns/campaign/?q={words}")
        refused = staff.get(autocomplete + words)

    assert "Search for at most 12 words or 200 characters." in page.text
    assert "Bucheon" in page.text
    assert refused.status_code == 400
    assert not any("LIKE" in query["sql"] for query in asked)
    assert "Bucheon" in staff.get(f"{autocomplete}+bucheon").text


def test_a_spreadsheet_with_half_a_million_columns_is_refused_by_its_first_line(staff):
    address = f"/admin/letters/recipientlist/{make_recipients().pk}/import/"
    wide = "office,email" + "," * 500_000 + "\n" + ("a,b" + "," * 50 + "\n") * 2000

    page = staff.post(address, {"text": wide})
    unknown = staff.post(address, {"text": f"office,email,{'x,' * 40}x\na,b\n"})

    assert "The first line names more than 50 columns." in page.text
    assert unknown.text.count("<q>x</q>") == 41


def test_a_text_with_markup_has_a_length(staff):
    """Half a megabyte of "&" became a page of 2.5 MB."""
    campaign = whole(story="<p>As it was.</p>")

    page = press(staff, page_of(campaign), story="&" * 500_000)

    assert "at most 50000 characters" in page.text
    campaign.refresh_from_db()
    assert campaign.story == "<p>As it was.</p>"
