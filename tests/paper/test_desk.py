"""Bo types sheets in, by hand or from CSV; Cy compares them and counts."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from paper import line_entry
from paper.models import Match, PaperBatch, PaperLine
from staff.models import AuditEntry
from tests.factories import make_counted, make_paper, make_petition, make_staff
from tests.hostile.test_uploads import drawn
from tests.staff.forms import fields_of, fields_of_file, fill_in, run_action

pytestmark = pytest.mark.django_db
BATCHES, LINES = "/admin/paper/paperbatch/", "/admin/paper/paperline/"
HEADER = "name,city,postcode,country,email\n"
GRACE = "Grace Hopper,Leeds,LS1 1UR,,\n"
KOREAN = "김민수,부천시,,KR,kim@bucheon.example\n"


@pytest.fixture
def bo(client):
    user = make_staff("bo", "Campaigners")
    client.force_login(user)
    return user


@pytest.fixture
def batch(bo):
    return PaperBatch.objects.create(
        petition=make_petition(), place="Market", country="GB", entered_by=bo
    )


def page_of(batch, name):
    return f"{BATCHES}{batch.pk}/{name}/"


def people():
    found = PaperLine.objects.order_by("pk")
    return list(found.values_list("number", "name", "city", "postcode", "country"))


def errors(page):
    return re.findall(
        r'class="(?:errornote|errorlist)[^>]*>(?:<li>)?([^<]*)', page.text
    )


def upload(client, batch, content):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("sheets.csv", content)
    return client.post(page_of(batch, "import"), {"file": file})


def take_in(client, batch, preview, **mended):
    """Press the button that adds the good rows, as a browser does."""
    sent = {**fields_of_file(preview), **mended, "take_in": ""}
    return client.post(page_of(batch, "import"), sent, follow=True)


def last_act():
    row = AuditEntry.objects.first()
    return row.kind, row.action, row.model, row.keys, row.count


def test_sheets_are_entered_by_one_and_counted_by_another(client, bo, media):
    petition = make_petition()
    make_counted(petition, name="Ada Lovelace")

    scan = SimpleUploadedFile("sheet.png", drawn("PNG"))
    lines = fill_in(
        client,
        f"{BATCHES}add/",
        petition=petition.pk,
        place="Market",
        country="GB",
        collected_on="2026-01-01",
        new_scan=scan,
    )
    batch = PaperBatch.objects.get()
    assert lines.url == page_of(batch, "lines")
    for name, city in (("Ada Lovelace", "London"), ("Grace Hopper", "Leeds")):
        fill_in(client, lines.url, name=name, city=city)
    faulty = fill_in(client, lines.url, name="...", city="Leeds")
    assert errors(faulty)[1] == "Enter the name."
    assert 'value="Leeds"' in client.get(lines.url).text  # of the line before
    comparison = page_of(batch, "comparison")
    client.post(comparison, {"decision": "finish"})
    batch.compare()

    own = client.get(comparison)
    assert "Ada Lovelace" in own.text
    assert client.post(lines.url, {"name": "Late"}).status_code == 403
    client.post(comparison, {"same": batch.lines.get(number=1).pk})
    said = client.post(comparison, {"decision": "count"}, follow=True).text
    assert "somebody else must count it" in said
    assert "Ask a colleague with the role “Campaigners” or “Moderators”." in said
    client.force_login(make_staff("cy", "Moderators"))
    assert "Count 1 person" in client.get(comparison).text
    client.post(comparison, {"decision": "count"})

    batch.refresh_from_db()
    assert (batch.entered_by, batch.counted_by.username) == (bo, "cy")
    assert last_act()[:3] == ("action", "count", "paper.paperbatch")
    assert petition.tally.filter(on_paper=True).get().delta == 1
    sheet = client.get(f"{BATCHES}{batch.pk}/scans/{batch.scans.get().pk}/")
    assert b"".join(sheet).startswith(b"\xff\xd8\xff")
    assert sheet["Content-Disposition"].startswith("attachment;")
    assert last_act()[0] == "exported"
    client.post(comparison, {"decision": "uncount"})
    assert sum(petition.tally.values_list("delta", flat=True)) == 1


def test_a_file_is_seen_first_and_then_taken_in(client, batch):
    preview = upload(client, batch, HEADER + GRACE + KOREAN)
    assert ">2 rows</h2>" in preview.text
    assert "<td>김민수</td>" in preview.text
    assert people() == []

    done = take_in(client, batch, preview)

    assert "2 lines added." in done.text
    assert people() == [
        (1, "Grace Hopper", "Leeds", "LS1 1UR", "GB"),
        (2, "김민수", "부천시", "", "KR"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + GRACE).encode("utf-8-sig"),
        (HEADER + GRACE).replace(",", ";").replace("\n", "\r\n"),
        "Name\tCity\tPostcode\tCountry\nGrace Hopper\tLeeds\tLS1 1UR\tunited kingdom\n",
    ],
    ids=["bom", "semicolons", "tabs"],
)
def test_what_spreadsheets_write_is_read(client, batch, content):
    take_in(client, batch, upload(client, batch, content))

    assert people() == [(1, "Grace Hopper", "Leeds", "LS1 1UR", "GB")]


def test_good_rows_are_taken_in_and_the_others_come_back(client, batch):
    rows = [
        GRACE,
        ",Leeds,,,\n",
        "Nowhere,Leeds,,Atlantis,\n",
        "Bad,Leeds,,,bad@nowhere@example\n",
        f"{'L' * 121},Leeds,,,\n",
        "Hidden\u202e,Leeds,,,\n",
        "Surplus,Leeds,,,,more\n",
    ]

    preview = upload(client, batch, HEADER + "".join(rows))
    assert "1 row is good. Mend 6 rows here" in preview.text
    assert people() == []
    done = take_in(client, batch, preview)

    assert errors(preview)[1:] == [
        "Enter the name.",
        "There is no such country.",
        "Enter a full email address, like name@example.com.",
        "Use at most 120 characters. Now there are 121.",
        "Your text has hidden control characters. Type it again.",
        "There are more cells than columns.",
    ]
    found = re.findall(r"<legend>Line (\d+)</legend>", preview.text)
    assert found == list("345678")
    assert errors(done)[1:] == errors(preview)[1:]
    assert people() == [(1, "Grace Hopper", "Leeds", "LS1 1UR", "GB")]
    assert "1 line added." in done.text
    assert "Atlantis" in done.text
    assert "Grace" not in done.text
    [row] = [n for n, v in fields_of_file(done).items() if v == "Atlantis"]
    done = take_in(client, batch, done, **{row: "Ireland"})
    assert people()[1] == (2, "Nowhere", "Leeds", "", "IE")


def test_a_file_that_cannot_be_read_is_refused_in_words(client, batch, monkeypatch):
    monkeypatch.setattr(line_entry, "MOST_ROWS", 50)
    files = {
        "city\nLeeds\n": "Choose which column of your sheet is this: name.",
        HEADER + GRACE * 51: "More than 50 rows: split the file.",
        "name,name\nGrace,G\n" + "이" * 700_000: "This file is too large: split it.",
    }

    for content, sentence in files.items():
        assert sentence in " ".join(errors(upload(client, batch, content)))
    pasted = {"text": "이" * 700_000}  # with as many letters, it has fewer bytes
    assert "too large" in client.post(page_of(batch, "import"), pasted).text
    assert people() == []


def test_columns_of_another_website_are_known_or_staff_say_what_they_are(client, batch):
    sheet = (
        "First name,Last name,Zip,Wohnort,Comment\nGrace,Hopper,LS1 1UR,Leeds,Good!\n"
    )

    preview = upload(client, batch, sheet)
    assert "<td>Grace Hopper</td>" in preview.text
    assert "<td>Leeds</td>" not in preview.text
    sent = fields_of_file(preview) | {"column-city": "3"}
    take_in(client, batch, client.post(page_of(batch, "import"), sent))

    assert people() == [(1, "Grace Hopper", "Leeds", "LS1 1UR", "GB")]


def test_a_file_that_was_sent_twice_adds_its_lines_once(client, batch):
    preview = upload(client, batch, HEADER + GRACE + KOREAN)
    take_in(client, batch, preview)

    again = take_in(client, batch, preview)

    assert "2 of these lines are in this batch already." in again.text
    assert len(people()) == 2
    said = upload(client, batch, HEADER + GRACE + "Grace Hopper,York,,,\n")
    assert "1 of these lines is in this batch already." in said.text
    take_in(client, batch, said)  # staff have read it: there are two of that name
    assert len(people()) == 4


def test_a_formula_in_a_file_of_names_is_none_when_it_leaves_again(client, batch):
    signs = ("=cmd|' /C calc'!A0", "+Ada", "-Ada", "@SUM(A1)", "＝Ada")
    rows = "".join(f"{sign},{sign},,,\n" for sign in signs)

    preview = upload(client, batch, HEADER + rows)
    take_in(client, batch, preview)

    file = b"".join(client.get(page_of(batch, "csv"))).decode()
    cells = [line.split(",")[1:3] for line in file.splitlines()[1:]]
    assert cells == [[f"'{sign}"] * 2 for sign in signs]


@pytest.mark.release
def test_ten_thousand_rows_are_taken_in_and_shown_in_pages(client, batch):
    rows = "".join(f"Person {n},Leeds,,,\n" for n in range(10_000))

    preview = upload(client, batch, HEADER + rows)
    assert preview.text.count("<tr><td>") == 100
    take_in(client, batch, preview)

    page = client.get(page_of(batch, "lines"))
    assert page.text.count('<tr><td data-label="Line">') == 50
    assert "Page 1 of 200" in page.text
    assert last_act()[3:] == ([str(batch.pk)], 1)
    file = client.get(page_of(batch, "csv"))
    assert b"".join(file).count(b"\n") == 10_001
    assert last_act()[0] == "exported"


def test_the_pages_of_a_batch_cost_the_same_for_one_line_and_for_thirty(client, bo):
    petition = make_petition()
    few = make_paper(petition, {"name": "Ada"}, {"name": "Ada"}, by=bo)
    many = make_paper(petition, *[{"name": "Bo"}] * 30, by=bo)

    for name, shown in (("lines", 30), ("comparison", 29)):
        costs = []
        client.get(page_of(few, name))
        for batch in (few, many):
            with CaptureQueriesContext(connection) as queries:
                page = client.get(page_of(batch, name))
            costs.append(len(queries))
        assert page.text.count('<th scope="row"><') == shown
        assert costs[0] == costs[1]


def test_somebody_is_found_on_paper_and_taken_off(client, batch):
    petition = batch.petition
    counted = make_paper(petition, "Ada Lovelace", "Grace Hopper")
    counted.count(by=make_staff("cy"))
    [ada] = PaperLine.objects.filter(name="Ada Lovelace")

    found = client.get(LINES, {"q": "lovelace"})
    assert [line.pk for line in found.context["cl"].result_list] == [ada.pk]
    sure = run_action(client, LINES, "delete_selected", ada)
    assert "Ada Lovelace, London" in sure.text
    data = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    client.post(LINES, data)

    assert [name for _n, name, *_rest in people()] == ["Grace Hopper"]
    assert petition.standing.on_paper == 1
    assert last_act()[0] == "erased"
    assert "Ada" not in str(AuditEntry.objects.values_list())


def test_a_line_is_put_right_while_the_batch_is_being_entered(client, batch):
    take_in(client, batch, upload(client, batch, HEADER + GRACE))
    line = PaperLine.objects.get()
    path = f"{LINES}{line.pk}/change/"

    PaperLine.objects.update(match=Match.SAME)
    fill_in(client, path, name="=Grace M. Hopper")
    line.refresh_from_db()
    assert (line.name, line.match) == ("=Grace M. Hopper", Match.NONE)
    assert b"'=Grace M. Hopper" in b"".join(client.get(page_of(batch, "csv")))
    batch.finish()

    assert 'name="_save"' not in client.get(path).text
    assert client.post(path, {"name": "X"}).status_code == 403


def test_a_batch_that_was_never_counted_can_be_deleted(client, batch, media):
    batch.scans.create(name=f"{'a' * 32}.pdf", size=1)
    counted = make_paper(batch.petition, "Ada Lovelace")
    counted.count(by=make_staff("cy"))
    counted.uncount()

    for each in (batch, counted):
        client.post(f"{BATCHES}{each.pk}/delete/", {"post": "yes"})

    assert PaperBatch.objects.get() == counted
    assert counted.lines.get().match == Match.NONE


def test_moderators_enter_nothing_new(client, batch):
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(f"{BATCHES}add/").status_code == 403
    client.force_login(make_staff("eve"))
    for name in ("lines", "comparison", "import", "csv", "scans/1"):
        assert client.get(page_of(batch, name)).status_code == 403


def test_a_scan_is_kept_while_another_field_is_put_right(client, bo, media):
    petition = make_petition()
    scan = SimpleUploadedFile("sheet.png", drawn("PNG"))
    path = f"{BATCHES}add/"
    typed = {"petition": petition.pk, "place": "Market", "country": "GB"}

    refused = fill_in(client, path, **typed, collected_on="soon", new_scan=scan)

    assert "We kept “sheet.png”." in refused.text
    right = {**fields_of(refused), "collected_on": "2026-01-01"}
    assert client.post(path, right).status_code == 302
    assert PaperBatch.objects.get().scans.count() == 1
