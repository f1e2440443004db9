"""Bo reads officials in from a CSV file: sees them first, then takes them in."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Recipient, RecipientList
from letters.recipients import csv_import
from tests.factories import make_recipients, make_staff
from tests.staff.forms import fields_of_file, fill_in

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


def lines(preview):
    return re.findall(r"<legend>Line (\d+)</legend>", preview.text)


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
        "\ufeffsep=;\r\n" + (HEADER + KOREAN).replace(",", ";"),
        '"sep=|"\n' + (HEADER + KOREAN).replace(",", "|"),
    ],
    ids=[
        *("bom", "semicolons", "tabs", "crlf", "cr", "capitals", "excel", "quotes"),
        *("sep", "sep-quoted"),
    ],
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

    wrong = [
        "Enter the office.",
        "Enter the email address.",
        "Enter an email address, like name@example.com.",
        "This address is already on the list. If several offices share it, enter it "
        "once, for all of them.",
        "There are more cells than columns.",
        "Use at most 120 characters. Now there are 121.",
    ]
    assert errors(preview) == [
        "1 row is good. Mend 6 rows here, or leave them out.",
        *wrong,
    ]
    assert lines(preview) == list("345678")
    assert taken_in() == [("Ada Hall", "Mayor", "", "mayor@council.example")]
    assert "1 recipient added. 6 rows are left." in done.text
    assert errors(done) == ["Mend 6 rows here, or leave them out.", *wrong]
    [more] = [name for name in fields_of_file(done) if name.endswith("-more")]
    assert fields_of_file(done)[more] == "what is this"
    client.post(path, fields_of_file(done) | {more: "", "take_in": ""})
    assert taken_in()[1] == ("Surplus", "Clerk", "", "clerk@council.example")
    assert "Ada Hall" not in fields_of_file(done)["text"]


def test_rows_are_mended_where_they_stand(client, path):
    """Only those: nobody edits the file, and good rows wait meanwhile."""
    rows = [ADA, "Bo Ek,,,bo@council.example\n", ",Clerk,,\n", "Nobody,,,\n"]
    preview = upload(client, path, HEADER + "".join(rows))
    sent = fields_of_file(preview)
    assert {name: sent[name] for name in sent if name.startswith("row-")} == {
        **{"row-3-name": "Bo Ek", "row-3-office": "", "row-3-ward": ""},
        "row-3-email": "bo@council.example",
        **{"row-4-name": "", "row-4-office": "Clerk", "row-4-ward": ""},
        "row-4-email": "",
        **{"row-5-name": "Nobody", "row-5-office": "", "row-5-ward": ""},
        "row-5-email": "",
    }
    assert preview.text.count(" autofocus") == 1
    assert 'action="#rows"' in preview.text

    mended = {"row-3-office": "Deputy", "row-4-email": "clerk@", "row-5-out": "on"}
    checked = client.post(path, {**sent, **mended})
    assert taken_in() == []
    assert errors(checked)[1:] == ["Enter an email address, like name@example.com."]
    assert fields_of_file(checked)["row-4-email"] == "clerk@"

    done = take_in(client, path, checked)
    assert taken_in() == [
        ("Ada Hall", "Mayor", "", "mayor@council.example"),
        ("Bo Ek", "Deputy", "", "bo@council.example"),
    ]
    [line] = lines(done)
    last = {f"row-{line}-email": "clerk@council.example", "take_in": ""}
    sent = fields_of_file(done) | last
    assert "1 recipient added." in client.post(path, sent, follow=True).text
    assert taken_in()[2] == ("", "Clerk", "", "clerk@council.example")


def test_a_column_that_the_sheet_lacks_is_typed_in(client, path):
    preview = upload(client, path, "Who,Mail\nAda Hall,mayor@council.example\n")
    assert "Choose which column of your sheet is this: office." in errors(preview)
    sent = fields_of_file(preview) | {"column-name": "0"}
    assert "Choose which column" in client.post(path, sent).text
    sheet = "Who,Rank,Mail\nAda Hall,,mayor@council.example\n"
    sent = fields_of_file(upload(client, path, sheet))
    preview = client.post(path, sent | {"column-name": "0", "column-office": "1"})

    sent = fields_of_file(preview) | {"row-2-office": "Mayor", "row-2-name": "Ada"}
    take_in(client, path, client.post(path, sent))

    assert taken_in() == [("Ada", "Mayor", "", "mayor@council.example")]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ("Ken Weir,Mayor,Ken Weir <ken@x.example>", "Ken Weir"),
        (",Mayor,Ken Weir <ken@x.example>", "Ken Weir"),
        (',Mayor,"""Weir, Ken"" <ken@x.example>"', "Ken Weir"),
        ("Ken Weir,Mayor,mailto:ken@x.example", "Ken Weir"),
        ("Ken Weir,Mayor,MAILTO:ken@x.example?subject=Hello", "Ken Weir"),
        ('"Weir, Ken",Mayor, ken@x.example ;', "Ken Weir"),
        ('"Weir, Jr.",Mayor,<ken@x.example>', "Weir, Jr."),
        ("\u00a0Ken Weir ,Mayor\u00a0,\u00a0ken@x.example", "Ken Weir"),
    ],
)
def test_cells_are_understood_as_people_write_them(client, path, cells, found):
    take_in(client, path, upload(client, path, f"name,office,email\n{cells}\n"))

    assert taken_in() == [(found, "Mayor", "", "ken@x.example")]


def test_columns_are_known_by_other_names_or_staff_say_what_they_are(client, path):
    sheet = (
        "Last name,First name,Title,Phone,Ward / District,E-Mail\n"
        "Hall,Ada,Mayor,1,Ward 2,mayor@council.example\n"
    )
    preview = upload(client, path, sheet)
    assert "<q>Phone</q>" in preview.text  # it is left out, and said so
    take_in(client, path, preview)
    assert taken_in() == [("Ada Hall", "Mayor", "Ward 2", "mayor@council.example")]

    sheet = "Who,Amt,Anschrift,E-mail\nBo,Clerk,Ward 3,bo@council.example\n"
    preview = upload(client, path, sheet)
    assert "Choose which column of your sheet is this: office." in errors(preview)
    chosen = {"column-name": "0", "column-office": "1", "column-ward": "2"}
    preview = client.post(path, fields_of_file(preview) | chosen)
    assert '<option value="1" selected>Amt</option>' in preview.text
    take_in(client, path, preview)
    assert taken_in()[1] == ("Bo", "Clerk", "Ward 3", "bo@council.example")


def test_a_known_column_can_be_left_out_and_another_file_is_not_meant(client, path):
    preview = upload(client, path, HEADER + ADA)
    sent = fields_of_file(preview) | {"column-name": ""}
    take_in(client, path, client.post(path, sent))
    other = {"text": "office,email\nClerk,clerk@council.example\n"}
    take_in(client, path, client.post(path, sent | other))

    assert [row[:2] for row in taken_in()] == [("", "Mayor"), ("", "Clerk")]


@pytest.mark.parametrize("place", ["-1", "9", "²", "9" * 40, "x", "\x00"])
def test_a_column_that_is_none_is_none(client, path, place):
    sent = fields_of_file(upload(client, path, HEADER + ADA)) | {"column-ward": place}

    assert "Add 1 recipient<" in client.post(path, sent).text


def test_who_is_in_the_list_already_is_not_taken_in_twice(client, path):
    take_in(client, path, upload(client, path, HEADER + ADA))

    again = upload(client, path, HEADER + ADA)

    [_counted, said] = errors(again)
    assert said.startswith("This address is already on the list.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "name,office\nAda,Mayor\n",
            "Choose which column of your sheet is this: email",
        ),
        (HEADER, "There are no rows under the first line."),
        ("", "is empty"),
        ("   \n\n", "columns of your sheet are these: office and email."),
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
    assert 'name="take_in"' not in preview.text


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
        "Your text has hidden control characters. Type it again.",
        "Enter an email address, like name@example.com.",
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
