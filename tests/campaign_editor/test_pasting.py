"""Bo pastes what is ready: recipients as lines, and a whole letter."""

from time import process_time

import pytest

from campaign_editor.recipient_lines import MOST_LINES
from campaigns.models import Campaign
from letters.models import Recipient, RecipientList
from staff.models import AuditEntry
from tests.campaign_editor.forms import NEW, WHOLE, make, missing, page_of, send
from tests.factories import make_letter, make_staff
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db
THREE = """
Marta Lindqvist, Mayor, mayor@council.example
Owen Hartley\tCouncillor for Public Space, Ward 2\t<o.hartley@council.example>

Chair of the Committee; mailto:chair@council.example
"""
LETTER = """Subject: Please do not renew the permit

Dear Mayor,

I am writing to ask you not to renew it: the ponies suffer.

Yours sincerely,
[Your name]
"""


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def people(campaign):
    known = campaign.letter.recipient_list.recipients
    return [(who.name, who.office, who.email) for who in known.order_by("order")]


def test_a_few_pastes_make_a_campaign(client):
    """Nine fields less than one by one, and nothing of the form but these."""
    pasted = {"letter-body": LETTER, "letter-lines": THREE}
    answer = send(client, button="publish", **WHOLE, **pasted)

    campaign = Campaign.objects.get()
    assert missing(answer) == []
    assert campaign.published_at
    assert people(campaign) == [
        ("Marta Lindqvist", "Mayor", "mayor@council.example"),
        (
            "Owen Hartley",
            "Councillor for Public Space, Ward 2",
            "o.hartley@council.example",
        ),
        ("", "Chair of the Committee", "chair@council.example"),
    ]
    assert fields_of(client.get(page_of(campaign)))["letter-lines"] == ""
    letter = campaign.letter
    assert letter.subject == "Please do not renew the permit"
    assert letter.body.startswith("Dear Mayor,\n\nI am writing")
    assert letter.body.endswith("Yours sincerely,\n[Your Name & City/Country]")
    named = "Marta Lindqvist, Owen Hartley and Chair of the Committee"
    assert letter.recipient_list.addressed_as == named


LANGUAGES = """
Name, Office, E-mail, Language
김민수, 시장, mayor@council.example, Korean
Ana Silva\tConcejala\tana@council.example\tespañol
IT Desk, it@council.example
Clerk, clerk@council.example, Ward 2
"""


def test_a_line_may_end_with_the_language_that_they_read(client):
    campaign = make(client, **{"letter-body": LETTER, "letter-lines": LANGUAGES})

    known = campaign.letter.recipient_list.recipients.order_by("order")
    assert [(who.name, who.office, who.language) for who in known] == [
        ("김민수", "시장", "ko"),
        ("Ana Silva", "Concejala", "es"),
        ("", "IT Desk", ""),
        ("Clerk", "Ward 2", ""),
    ]


def test_a_line_without_end_costs_next_to_nothing(client):
    begun = process_time()

    send(client, **{"letter-lines": "a" * 40_000})

    # It was half a minute.
    assert process_time() - begun < 10


def test_a_subject_that_was_typed_stays_and_so_does_the_letter(client):
    typed = {"letter-subject": "Ponies", "letter-body": LETTER}
    letter = make(client, **typed).letter

    assert letter.subject == "Ponies"
    assert letter.body.startswith("Subject: Please do not renew the permit\n\nDear")
    long = {"letter-body": f"Subject: {'x' * 200}\n\nPlease help."}
    assert make(client, **long).letter.body.startswith("Subject: xxx")


def test_lines_that_cannot_be_used_come_back_with_the_reason_of_each(client):
    lines = "Ann Lee, Mayor\nBo, Clerk, bo@council\n, Member, member@council.example"
    answer = send(client, **WHOLE, **{"letter-lines": lines})

    assert answer.status_code == 422
    fields = fields_of(client.get(NEW))
    assert fields["letter-lines"].splitlines() == lines.splitlines()
    assert "Ann Lee, Mayor: Enter the " in answer.text
    assert "Bo, Clerk, bo@council: Enter " in answer.text
    assert "Member, member@council.example: " not in answer.text
    right = {"letter-lines": lines.splitlines()[2], "save": ""}
    client.post(NEW, fields | right)
    assert people(Campaign.objects.get()) == [("", "Member", "member@council.example")]


def test_the_heads_of_a_sheet_are_nobody(client):
    lines = "Name\tOffice\tE-mail\nAnn Lee\tMayor\tmayor@council.example"
    campaign = make(client, **{"letter-lines": lines})

    assert people(campaign) == [("Ann Lee", "Mayor", "mayor@council.example")]


def test_an_address_that_is_there_already_is_added_once(client):
    line = "Ann Lee, Mayor, mayor@council.example"
    campaign = make(client, **{"letter-lines": line})

    for lines in (line.upper(), "Bo, Clerk, b@x.example\nBo, Clerk, b@x.example"):
        answer = send(client, page_of(campaign), **{"letter-lines": lines})
        assert "This address is already on the list." in answer.text
        client.post(page_of(campaign), {"discard": ""})

    assert len(people(campaign)) == 1


def test_too_many_lines_stay_in_their_field(client):
    lines = "\n".join(f"Clerk, c{n}@council.example" for n in range(MOST_LINES + 1))
    answer = send(client, **WHOLE, **{"letter-lines": lines})

    assert fields_of(answer)["letter-lines"].splitlines() == lines.splitlines()
    assert "Paste at most 100 lines" in answer.text
    assert not RecipientList.objects.filter(recipients__isnull=False).exists()


def test_the_names_follow_the_list_until_somebody_says_them(client):
    line = "Ann Lee, Mayor, mayor@council.example"
    campaign = make(client, **{"letter-lines": line})
    known = campaign.letter.recipient_list
    assert known.addressed_as == "Ann Lee"

    more = "\n".join(f"Member {n}, member{n}@council.example" for n in range(3))
    send(client, page_of(campaign), **{"letter-lines": more})
    known.refresh_from_db()
    assert known.addressed_as == "Ann Lee, Member 0 and others"

    send(client, page_of(campaign), **{"letter-addressed_as": "the Council"})
    line = "Clerk, clerk@council.example"
    send(client, page_of(campaign), **{"letter-lines": line})
    known.refresh_from_db()
    assert known.addressed_as == "the Council"


def test_nobody_is_added_by_lines_to_a_list_that_others_use(client):
    shared = make_letter().recipient_list
    shared.addressed_as = ""
    shared.save()
    before = shared.recipients.count()
    chosen = {"letter-recipients": str(shared.pk)}
    campaign = make(client, **WHOLE, **chosen)
    line = "Eve, Mayor, eve@evil.example"

    answer = send(client, page_of(campaign), **chosen, **{"letter-lines": line})

    assert shared.recipients.count() == before
    assert "Other campaigns use this list, too." in answer.text
    shared.refresh_from_db()
    assert shared.addressed_as == ""


@pytest.mark.parametrize(
    "line",
    [
        "\x00Ann, Mayor, ann@council.example",
        "<script>alert(1)</script>, Mayor, x@council.example",
        "=cmd|'/c calc'!A1, Mayor, y@council.example",
        "Ann\u202e, Mayor, a@b.example\r\nBcc: c@d.example, x@y.example",
        "@@@@,,,,;;;;\t\t\t",
        "a@b.example" * 400,
        "," * 20_000,
        f"{'n' * 5000}, {'o' * 5000}, z@council.example",
    ],
)
def test_hostile_lines_are_rows_like_any_other(client, line):
    answer = send(client, **WHOLE, **{"letter-lines": line})

    assert answer.status_code in (200, 422)
    assert "<script>alert(1)" not in answer.text
    for who in Recipient.objects.all():
        assert "\n" not in who.email + who.name + who.office


def test_lines_are_for_those_who_may_edit_and_are_written_down(client):
    campaign = make(client, **{"letter-lines": "Clerk, clerk@council.example"})
    noted = AuditEntry.objects.filter(kind="changed", model="letters.recipientlist")
    assert noted.get().count == 1

    client.force_login(make_staff("cy", "Moderators"))
    line = {"letter-lines": "Eve, Mayor, eve@evil.example"}
    assert client.post(page_of(campaign), line).status_code == 403
    assert len(people(campaign)) == 1
