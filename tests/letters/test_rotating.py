"""Several subjects and openings, so that officials do not read the same every time."""

import pytest

from tests.factories import make_letter, make_staff
from tests.staff.forms import change_page

pytestmark = pytest.mark.django_db
LETTERS = "/admin/letters/suggestedletter/"
BODY = "Dear all:\n\n[Opening]\n\nPlease help.\n\n[Your Name & City/Country]"


def add_variants(client, letter, *variants):
    """In the admin, as Bo does."""
    client.force_login(make_staff("bo", "Campaigners"))
    rows = {}
    for number, (part, text) in enumerate(variants):
        rows |= {f"variants-{number}-part": part, f"variants-{number}-text": text}
        rows |= {f"variants-{number}-letter": letter.pk, f"variants-{number}-id": ""}
    return client.post(
        change_page(LETTERS, letter),
        {
            "campaign": letter.campaign_id,
            "recipient_list": letter.recipient_list_id,
            "mode": letter.mode,
            "subject": letter.subject,
            "body": letter.body,
            "ask": "",
            "meetings-TOTAL_FORMS": 0,
            "meetings-INITIAL_FORMS": 0,
            "variants-TOTAL_FORMS": len(variants),
            "variants-INITIAL_FORMS": 0,
            **rows,
        },
        follow=True,
    )


def drafts(letter):
    """What fifty writers begin with: one that none of them gets is very unlikely."""
    subjects, bodies = zip(*(letter.draft() for _ in range(50)), strict=True)
    return set(subjects), set(bodies)


def test_every_subject_and_every_opening_is_used(client):
    letter = make_letter(body=BODY)

    add_variants(
        client,
        letter,
        ("subject", "Another subject"),
        ("opening", "I write to you as a neighbour."),
        ("opening", "I love dogs."),
    )

    subjects, bodies = drafts(letter)
    assert subjects == {"Please help", "Another subject"}
    rest = "\n\nPlease help.\n\n[Your Name & City/Country]"
    assert bodies == {
        f"Dear all:\n\nI write to you as a neighbour.{rest}",
        f"Dear all:\n\nI love dogs.{rest}",
    }


def test_what_a_writer_begins_with_is_what_is_sent(client):
    letter = make_letter(body=BODY)
    add_variants(client, letter, ("opening", "One."), ("opening", "Two."))
    page = client.get("/campaign-1/letter/")
    opening = "One." if "One." in page.text else "Two."

    for _ in range(10):
        typed = {"name": "Ada", "subject": "Hi", "body": f"{opening}\n\nYours"}
        assert f">{opening}</p>" in client.post("/campaign-1/letter/", typed).text


def test_without_openings_their_place_is_left_out():
    [body] = drafts(make_letter(body=BODY))[1]

    assert body == "Dear all:\n\nPlease help.\n\n[Your Name & City/Country]"


def test_openings_that_the_letter_has_no_place_for_are_pointed_out(client):
    page = add_variants(client, make_letter(), ("opening", "I love dogs."))

    assert (
        "The letter does not use the openings, because it has no [Opening]."
        in page.text
    )


@pytest.mark.some
@pytest.mark.parametrize(
    ("part", "text", "sentence"),
    [
        ("subject", "Two\nlines", "Write a subject on one line"),
        ("subject", "s" * 151, "of at most 150 characters."),
        ("subject", "From [Your own words]", "A subject has no placeholders."),
        ("opening", "I am [Your Name]", "An opening has no placeholders."),
    ],
)
def test_a_variant_with_a_slip_is_refused_in_words(client, part, text, sentence):
    letter = make_letter(body=BODY)

    page = add_variants(client, letter, (part, text))

    assert sentence in page.text
    assert not letter.variants.exists()
