"""Bo edits the suggested letter and the officials who get it, in the admin."""

import pytest

from letters.models import RecipientList, SuggestedLetter
from letters.suggested.placeholders import NAME_AND_PLACE, OWN_WORDS
from tests.factories import make_campaign, make_letter, make_recipients, make_staff
from tests.staff.forms import change_page, fill_in

pytestmark = pytest.mark.django_db
LETTERS = "/admin/letters/suggestedletter/"
LISTS = "/admin/letters/recipientlist/"
LETTER = f"Dear Mayor:\n\nPlease help.\n\n{OWN_WORDS}\n\n{NAME_AND_PLACE}"


@pytest.fixture(autouse=True)
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))


def test_a_letter_keeps_its_paragraphs_when_it_is_saved(client):
    """A browser sends line breaks as CRLF, whatever stood there before."""
    suggested = make_letter()

    body = LETTER.replace("\n", "\r\n")

    saved = fill_in(client, change_page(LETTERS, suggested), body=body)
    shown = client.get("/campaign-1/letter/").text
    typed = {"name": "Ada", "subject": suggested.subject, "body": body}
    preview = client.post("/campaign-1/letter/", typed).text

    assert saved.status_code == 302
    assert '<p dir="auto">Dear Mayor:</p>' in shown
    assert '<p dir="auto">Please help.</p>' in shown
    assert '<details class="more edit-all">' in preview
    suggested.refresh_from_db()
    letter = suggested.letter_for(
        [], subject="", body=suggested.body, name="Ada", own_words="Now."
    )
    assert letter.envelope.text == "Dear Mayor:\n\nPlease help.\n\nNow.\n\nAda"
    assert "%0D%0D" not in letter.envelope.mailto


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"body": "Dear Mayor:\n\n[Your Name]"},
            "[Your Name] is no placeholder. These are:",
        ),
        (
            {"body": "Dear Mayor: please help."},
            f"Write {NAME_AND_PLACE} exactly once, where the writer’s name goes.",
        ),
        (
            {"body": f"{NAME_AND_PLACE}\n{NAME_AND_PLACE}"},
            f"Write {NAME_AND_PLACE} exactly once, where the writer’s name goes.",
        ),
        (
            {"body": f"Dear Mayor:\n\n[Your own words\n\n{NAME_AND_PLACE}"},
            "[Your own words is no placeholder. These are:",
        ),
        (
            {"body": f"Dear {{{{name,\n\n{NAME_AND_PLACE}"},
            "{{name, is no placeholder. These are:",
        ),
        (
            {"ask": "Dear [The ask"},
            "Leave the brackets out: nothing is filled in here.",
        ),
        ({"subject": f"From {NAME_AND_PLACE}"}, "A subject has no placeholders."),
    ],
)
def test_a_letter_with_a_wrong_placeholder_is_refused_in_words(
    client, changes, sentence
):
    suggested = make_letter()

    page = fill_in(client, change_page(LETTERS, suggested), **changes)

    assert page.status_code == 200
    assert sentence.replace("&", "&amp;").replace("&amp;#", "&#") in page.text
    assert SuggestedLetter.objects.values().get()["body"] == suggested.body


def test_a_letter_is_made_for_a_campaign(client):
    campaign, people = make_campaign(), make_recipients()

    made = fill_in(
        client,
        f"{LETTERS}add/",
        campaign=str(campaign.pk),
        recipient_list=str(people.pk),
        subject="Help",
        body=LETTER,
    )

    assert made.status_code == 302
    assert "Send the letter" in client.get("/campaign-1/").text


def test_a_list_that_a_letter_uses_stays(client):
    suggested = make_letter()

    client.post(f"{LISTS}{suggested.recipient_list.pk}/delete/", {"post": "yes"})

    assert RecipientList.objects.get() == suggested.recipient_list
