"""What a name does in the files that leave the site: nothing, whatever it is."""

import csv
import io
import re
import unicodedata
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pypdf.generic import NameObject

from petitions.models import Bundle, Signature
from reporting.csv_files import guarded
from tests.factories import make_counted, make_petition, make_staff
from tests.petitions.reading_pdf import beginnings
from tests.test_architecture import ROOT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.xdist_group("bundle"),  # one process reads the fonts of the PDF
]
# As rows of years ago may hold them: no form takes most of these.
NAMES = [
    "=cmd|' /C calc'!A0",
    "＝cmd",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "Ada;=1+1;x",
    "Ada\t=1+1\tx",
    'Ada","=1+1","x',
    "Ada\r\n=1+1",
    "\u202egpj.exe",
    "\u2066isolate",
    "a\x01b\x07c\x1bd\x7f\x85\u2028e\ufffe",
    "W" * 200,
    "\u202e" * 200,
    "Z" + "\u0301" * 199,
    "https://evil.example/pay",
    "javascript:alert(1)",
    "mailto:a@evil.example",
    "🐕🏽‍🦺👩‍👩‍👧‍👦🇰🇷",
    "محمد بن سلمان",
    "김민수",
    "สมชาย ใจดี",
    "𓀀𓁐\U000f0000",
    "(\\)Tj ET endstream endobj",
    "</Span>]] <</S/URI>>",
    "**bold** __x__ [link](https://evil.example)",
    "../../etc/passwd",
    "{{ 7*7 }}{% debug %}",
]
STARTS = tuple("=+-@＝＋－＠\t\r\n")


@pytest.fixture
def files():
    """Those of a petition that has all of this as names, places, title and ask."""
    petition = make_petition(title="=1+1 https://evil.example")
    for number, name in enumerate(NAMES):
        [signature] = make_counted(petition, email=f"p{number}@mail.example")
        Signature.objects.filter(pk=signature.pk).update(
            name=name[:100],
            shown_name=name[:100],
            city=name[:100],
            shown_as="full",
            confirmed_at=timezone.now(),
        )
    bundle = Bundle.objects.create(petition=petition, to="=1+1 ../../x")
    bundle.make()
    with bundle.open() as file, zipfile.ZipFile(file) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def test_the_archive_has_only_the_names_that_we_give(files):
    assert set(files) == {
        *("README.txt", "petition.pdf", "signatures.csv"),
        *("count/check.html", "count/links.csv"),
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_is_a_formula_however_a_spreadsheet_parts_them(files, separator):
    """Where numbers have a comma, Excel parts cells at semicolons."""
    text = files["signatures.csv"].decode("utf-8-sig")

    cells = [
        cell
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cell in row
    ]

    assert [cell for cell in cells if cell.startswith(STARTS)] == []


def test_each_line_of_the_list_is_one_signature(files):
    text = files["signatures.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))

    assert len(rows) == len(NAMES) + 1
    assert {len(row) for row in rows} == {5}


def names_in(thing):
    """The names that an object of a PDF has in it, as keys or values.

    The bytes of a file hold any short sign by chance.
    """
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from (key, *names_in(value))
    elif isinstance(thing, list):
        for each in thing:
            yield from names_in(each)
    elif isinstance(thing, NameObject):
        yield thing


def test_nothing_in_the_pdf_leads_anywhere_or_runs(files):
    read = PdfReader(io.BytesIO(files["petition.pdf"]))

    said = {
        name
        for number in range(1, read.trailer["/Size"])
        for name in names_in(read.get_object(number))
    }
    assert {"/Catalog", "/Font"} <= said
    assert said.isdisjoint({"/JavaScript", "/URI", "/Launch", "/AA", "/EmbeddedFiles"})
    assert all("/Annots" not in page for page in read.pages)


def test_no_control_sign_is_in_the_pdf_and_each_name_stands_in_its_column(files):
    read = PdfReader(io.BytesIO(files["petition.pdf"]))
    text = "".join(page.extract_text() for page in read.pages)

    bad = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cn")} - {"\n"}
    assert bad == set()
    assert "https://evil.example/pay" in text.replace("\n", "")
    assert len(read.pages) == 3
    width = float(read.pages[0].mediabox.width)
    assert all(0 <= x < width for page in read.pages for x in beginnings(page))


def test_the_readme_says_only_what_staff_have_written(files):
    text = files["README.txt"].decode()

    assert not any(name in text for name in NAMES if name not in "=1+1 ../../x")
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text
    )


def test_one_place_alone_writes_cells_of_people():
    """All files of staff are written by it, so none forgets a formula."""
    writers = {
        str(file.relative_to(ROOT))
        for file in ROOT.glob("*/**/*.py")
        if file.relative_to(ROOT).parts[0] not in ("tests", "var", "bench", "bin")
        and re.search(r"csv\.(?:Dict)?[Ww]riter", file.read_text())
    }

    assert writers == {"reporting/csv_files.py"}


def test_the_file_of_links_is_read_as_cells(client):
    petition = make_petition()
    petition.referral_links.create(name="Ada;=1+1;x", code="flyer")
    client.force_login(make_staff("bo", "Campaigners"))

    page = reverse("admin:campaigns_campaign_figures", args=[petition.campaign_id])
    file = b"".join(client.get(f"{page}?csv=links")).decode()

    assert file.splitlines()[1].startswith("Ada;'=1+1;x,")


def test_an_empty_line_within_a_cell_stays_as_it_is():
    assert guarded("One.\n\nTwo.\r\nThree") == "One.\n\nTwo.\r\nThree"
    assert guarded("Ada;=1+1") == "Ada;'=1+1"
