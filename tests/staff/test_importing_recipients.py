"""Bo reads officials in from a CSV file: sees them first, then takes them in."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Recipient, RecipientList
from letters.recipients import csv_import
from tests.factories import make_recipients, make_staff
from tests.staff.forms import fields_of, fields_of_file, fill_in

pytestmark = pytest.mark.django_db
HEADER = "name,office,ward,email\n"
ADA = "Ada Hall,Mayor,,mayor@council.example\n"
KOREAN = "김민수,시장,부천시,kim@bucheon.example\n"


@pytest.fixture(autouse=True)
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))


@pytest.fixture
def path():
    empty = RecipientList.objects.create(name="Council", addressed_as="the Council")
    return f"/admin/letters/recipientlist/{empty.pk}/import/"


def upload(client, path, content):
    if isinstance(content, str):
        content = content.encode()
    return client.post(path, {"file": SimpleUploadedFile("list.csv", content)})


def take_in(client, path, preview):
    """Press "Add …", as a browser does."""
    return client.post(path, {**fields_of_file(preview), "take_in": ""}, follow=True)


def taken_in():
    return list(Recipient.objects.values_list("name", "office", "ward", "email"))


def errors(preview):
    return re.findall(
        r'class="(?:errornote|errorlist)[^>]*>(?:<li>)?([^<]*)', preview.text
    )


def test_the_columns_that_we_read_are_named_as_people_write_them(client, path):
    page = client.get(path).text

    assert (
        "We can also read: name, ward, salutation, language and official record."
    ) in page


def test_a_file_is_seen_first_and_then_taken_in(client, path):
    preview = upload(client, path, HEADER + ADA + KOREAN)
    assert "2 rows" in preview.text
    assert "<td>김민수</td>" in preview.text
    assert taken_in() == []

    done = take_in(client, path, preview)

    assert "2 recipients added." in done.text
    assert taken_in() == [
        ("Ada Hall", "Mayor", "", "mayor@council.example"),
        ("김민수", "시장", "부천시", "kim@bucheon.example"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + KOREAN).encode("utf-8-sig"),
        (HEADER + KOREAN).replace(",", ";"),
        (HEADER + KOREAN).replace(",", "\t"),
        (HEADER + KOREAN).replace("\n", "\r\n"),
        (HEADER + KOREAN).replace("\n", "\r"),
        HEADER.upper() + KOREAN,
        "name,office,ward,email,,\n" + KOREAN.strip() + ",,\n,,,,,\n",
        'name,"office",ward,email\n"김민수", "시장","부천시" ,kim@bucheon.example',
    ],
    ids=["bom", "semicolons", "tabs", "crlf", "cr", "capitals", "excel", "quotes"],
)
def test_what_spreadsheets_write_is_read(client, path, content):
    take_in(client, path, upload(client, path, content))

    assert taken_in() == [("김민수", "시장", "부천시", "kim@bucheon.example")]


def test_the_text_can_be_pasted(client, path):
    take_in(client, path, client.post(path, {"text": HEADER + ADA}))

    assert [name for name, *_rest in taken_in()] == ["Ada Hall"]


def test_good_rows_are_taken_in_and_the_others_come_back_with_what_is_wrong(
    client, path
):
    rows = [
        ADA,
        "No Office,,,no@council.example\n",
        "No Address,Clerk,,\n",
        "Bad Address,Clerk,,clerk@nowhere@example\n",
        "Twice,Mayor,,MAYOR@council.example\n",
        "Surplus,Clerk,,clerk@council.example,what,is,this\n",
        f"{'L' * 121},Clerk,,long@council.example\n",
    ]

    preview = upload(client, path, HEADER + "".join(rows))
    done = take_in(client, path, preview)

    assert errors(preview) == [
        "6 rows are not added: see what is wrong with them. They stay here for you to "
        "fix.",
        "Office: Enter the office.",
        "Email address: Enter the email address.",
        "Email address: Enter an email address, like name@example.com.",
        "This address is already on the list. If several offices share it, enter it "
        "once, for all of them.",
        "There are more cells than columns.",
        "Name: Use at most 120 characters. Now there are 121.",
    ]
    assert re.findall(r"<tr><td>(\d+)</td>", preview.text) == list("345678")
    assert taken_in() == [("Ada Hall", "Mayor", "", "mayor@council.example")]
    assert errors(done) == errors(preview)
    left = fields_of(done)["text"]
    assert "Bad Address,Clerk,,clerk@nowhere@example" in left
    assert "what,is,this" in left
    assert "Ada Hall" not in left


def test_columns_are_known_by_other_names_or_staff_say_what_they_are(client, path):
    sheet = (
        "First name,Last name,Position,Phone,E-Mail\n"
        "Ada,Hall,Mayor,1,mayor@council.example\n"
    )
    take_in(client, path, upload(client, path, sheet))
    assert taken_in() == [("Ada Hall", "Mayor", "", "mayor@council.example")]

    sheet = "Who,Amt,Anschrift,E-mail\nBo,Clerk,Ward 3,bo@council.example\n"
    preview = upload(client, path, sheet)
    assert "must name the columns office and email" in errors(preview)[0]
    chosen = {"column-0": "name", "column-1": "office", "column-2": "ward"}
    preview = client.post(path, fields_of(preview) | chosen)
    take_in(client, path, preview)
    assert taken_in()[1] == ("Bo", "Clerk", "Ward 3", "bo@council.example")


def test_a_known_column_can_be_left_out_and_another_file_is_not_meant(client, path):
    preview = upload(client, path, HEADER + ADA)
    sent = fields_of(preview) | {"column-0": ""}
    take_in(client, path, client.post(path, sent))
    other = {"text": "office,email\nClerk,clerk@council.example\n"}
    take_in(client, path, client.post(path, sent | other))

    assert [row[:2] for row in taken_in()] == [("", "Mayor"), ("", "Clerk")]


def test_who_is_in_the_list_already_is_not_taken_in_twice(client, path):
    take_in(client, path, upload(client, path, HEADER + ADA))

    again = upload(client, path, HEADER + ADA)

    [_counted, said] = errors(again)
    assert said.startswith("This address is already on the list.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name,office\nAda,Mayor\n", "must name the columns office and email."),
        (HEADER, "There are no rows under the first line."),
        ("", "is empty"),
        ("   \n\n", "must name the columns office and email."),
        ("office,office,email\n", "The first line names a column twice."),
        (HEADER + "x" * 200_000 + "\n", "Line 2 cannot be read: field larger than"),
        (HEADER + "A,Clerk,,a@x.example\n" * 51, "More than 50 rows: split the file."),
        (HEADER + "x" * (2 * 1024 * 1024), "This file is too large: split it."),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    client, path, monkeypatch, content, sentence
):
    monkeypatch.setattr(csv_import, "MOST_ROWS", 50)

    preview = upload(client, path, content)

    assert preview.status_code == 200
    assert sentence in " ".join(errors(preview))
    assert "take_in" not in preview.text


def test_hostile_cells_are_shown_as_text_and_refused_where_they_would_be_headers(
    client, path
):
    rows = [
        "<script>alert(1)</script>,Mayor,,a@council.example\n",
        '"Ada\r\nBcc: all@council.example",Mayor,,b@council.example\n',
        "Ada\u202e,Mayor,,c@council.example\n",
        'Ada,Mayor,,"d@council.example, e@council.example"\n',
        '"=HYPERLINK(""http://x"")",Mayor,,f@council.example\n',
    ]

    preview = upload(client, path, HEADER + "".join(rows))

    assert "&lt;script&gt;alert(1)" in preview.text
    assert "<script>alert" not in preview.text
    assert errors(preview)[1:] == [
        "Name: Your text has hidden control characters. Type it again.",
        "Email address: Enter an email address, like name@example.com.",
    ]
    good = HEADER + rows[0] + rows[1]
    take_in(client, path, client.post(path, {"text": good}))
    assert [name for name, *_rest in taken_in()] == [
        "<script>alert(1)</script>",
        "Ada Bcc: all@council.example",
    ]


def test_a_large_file_costs_as_many_queries_as_a_small_one(client, path):
    def cost(number):
        rows = [f"A,Clerk,,a{n}@x.example\n" for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            preview = upload(client, path, HEADER + "".join(rows))
        assert preview.text.count("<tr><td>") == number
        return len(queries)

    client.get("/admin/")  # the first page of a session notes it

    assert cost(2) == cost(50)


def test_moderators_do_not_import(client, path):
    client.force_login(make_staff("cy", "Moderators"))

    assert upload(client, path, HEADER + ADA).status_code == 403
    assert taken_in() == []


def test_who_left_office_stays_and_may_come_back(client):
    council = make_recipients(1)
    council.recipients.update(left_office_on="2026-01-01")
    path = f"/admin/letters/recipientlist/{council.pk}/import/"
    again = "office,email\nMayor,ward1@council.example\n"

    take_in(client, path, upload(client, path, again))

    offices = council.recipients.values_list("office", flat=True)
    assert list(offices) == ["Council Member, Ward 1", "Mayor"]


def test_an_address_of_our_own_is_refused_in_its_row_and_in_the_form(
    client, path, settings
):
    """Letters to ourselves would come back, or answer themselves."""
    settings.LETTERS_FROM_EMAIL = "letters@letters.example"
    ours = [
        "hello@letters.example",  # the contact and the sender
        "HELLO+ward5@letters.example",
        "letters@letters.example",
        "answers+m12-0a1b@letters.example",
        "bounces@letters.example",
    ]
    rows = "".join(f",Office {n},,{each}\n" for n, each in enumerate(ours))
    preview = upload(client, path, HEADER + ADA + rows)
    take_in(client, path, preview)
    known = RecipientList.objects.get()
    typed = {"list": known.pk, "office": "Clerk", "email": ours[0]}
    refused = fill_in(client, "/admin/letters/recipient/add/", **typed)

    said = "This address belongs to this website. Enter the office’s own address."
    assert preview.text.count(said) == len(ours)
    assert said in refused.text
    assert [email for *_rest, email in taken_in()] == ["mayor@council.example"]
