"""What officials get: names as their signers chose, totals, and proof of the count."""

import csv
import io
import re
import unicodedata
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from PIL import Image
from pypdf import PdfReader

from branding import models
from branding.models import Branding
from campaigns.models import Campaign
from database import retention
from petitions.handover import archive, pdf
from petitions.handover.models import FILES
from petitions.models import Bundle, Link, Petition
from staff.models import AuditEntry
from tests.factories import (
    make_counted,
    make_petition,
    make_picture,
    make_staff,
    sign,
)
from tests.petitions.reading_pdf import beginnings, elements_of
from tests.staff.forms import fill_in

# One process reads the fonts of the PDF.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.xdist_group("bundle"),
]
BUNDLES = "/admin/petitions/bundle/"
PEOPLE = [
    ("Maria Silva", "Lisbon", "PT", "full"),
    ("김민수", "부천시", "KR", "full"),
    ("Grace Hopper", "Leeds", "GB", "first"),
    ("Ada Lovelace", "London", "GB", "initials"),
    ("Hidden Person", "London", "GB", "no"),
    ("=HYPERLINK(1)", "+evil", "US", "full"),
    ("@Adam Bell", "-evil", "US", "first"),
    ("Jean Łukasiewicz-Brzęczyszczykiewicz de la Vega y Fernández", "", "PL", "full"),
    ("สมชาย", "", "TH", "full"),
    ("דוד כהן", "", "IL", "full"),
    ("محمد علي", "", "EG", "full"),
    ("Tab\u200bby", "", "US", "full"),
]


@pytest.fixture
def petition():
    petition = make_petition(title="Stop it", ask="I ask the council to stop it.")
    for number, (name, city, country, shown_as) in enumerate(PEOPLE):
        email = f"p{number}@mail.example"
        sign(
            petition,
            name=name,
            city=city,
            country=country,
            shown_as=shown_as,
            email=email,
        ).confirm()
    return petition


def made(petition, **fields):
    """The files of a new bundle, by name."""
    bundle = Bundle.objects.create(petition=petition, to="the Mayor", **fields)
    bundle.make()
    return unpacked(bundle)


def unpacked(bundle):
    with bundle.open() as file, zipfile.ZipFile(file) as found:
        return {name: found.read(name) for name in found.namelist()}


def rows_of(files):
    return list(csv.reader(io.StringIO(files["signatures.csv"].decode("utf-8-sig"))))


def pages_of(file):
    """The text of each page, in lines without the space around them."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file)).pages]
    return ["\n".join(line.strip() for line in page.splitlines()) for page in pages]


def test_the_list_has_a_line_for_each_with_the_name_as_it_was_chosen(petition):
    files = made(petition)

    header, *rows = rows_of(files)
    today = f"{timezone.now():%Y-%m-%d}"
    assert header == ["name", "city", "country", "date", "signed"]
    assert rows[:7] == [
        ["Maria Silva", "", "PT", today, "online"],
        ["김민수", "", "KR", today, "online"],
        ["Grace", "Leeds", "GB", today, "online"],
        ["A. L.", "", "GB", today, "online"],
        ["(name withheld)", "", "GB", today, "online"],
        ["'=HYPERLINK(1)", "", "US", today, "online"],
        ["'@Adam", "'-evil", "US", today, "online"],
    ]
    assert len(rows) == petition.standing.count
    together = b"".join(files.values())
    for secret in (b"mail.example", b"Hidden Person", b"Hopper"):
        assert secret not in together


def test_the_pdf_says_what_is_asked_by_how_many_and_by_whom(petition):
    [cover, facts, *names] = pages_of(made(petition)["petition.pdf"])

    assert "Stop it" in cover
    assert "To the Mayor" in cover
    assert "12\npeople have signed" in cover
    assert "I ask the council to stop it." in facts
    assert "Portugal 1" in facts
    assert "Names withheld 1" in facts
    assert "as signers chose to show them 11" in facts
    assert "The number beside a country counts everybody" in facts
    assert Link.objects.end_of(petition.pk).link.hex() in facts
    [names] = names
    for whole in (
        "South Korea: 1\n김민수",
        "United Kingdom: 3\nGrace, Leeds\nA. L.",
        "Maria Silva",
        "Jean Łukasiewicz-\nBrzęczyszczykiewicz de la Vega",
        "Thailand: 1\n(in a script that we cannot print)",
        "Tabby",
    ):
        assert whole in names
    assert "כהן" in names
    assert "Page 3 of 3" in names
    assert "Hidden" not in names


def test_title_and_event_are_whole_for_who_searches_the_pdf(petition):
    Campaign.objects.filter(pk=petition.campaign_id).update(
        title_ask="time to act",
        happening="The mayor comes from 2 to 8 November.",
        event_name="Visit",
        event_starts="2016-11-02",
        event_ends="2016-11-08",
    )
    petition.refresh_from_db()

    [cover, facts, _names] = pages_of(made(petition)["petition.pdf"])

    assert "Stop it – time to act" in " ".join(cover.split())
    assert "What is happening · Visit · 2–8 November 2016\nThe mayor comes" in facts
    assert "We did not check who they are" in cover


def test_who_files_it_reads_that_others_can_read_the_names(petition):
    files = made(petition)

    warning = "If this becomes a public record, anybody can read the names."
    assert warning in files["README.txt"].decode()
    facts = " ".join(pages_of(files["petition.pdf"])[1].split())
    assert warning in facts
    assert "The list does not prove who signed." in facts


def parts_of(file):
    """What the PDF says that its parts are, in their order, and what pictures show."""
    root = PdfReader(io.BytesIO(file)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    parts = [
        part
        for part in elements_of(root["/StructTreeRoot"])
        if part["/S"] not in ("/Document", "/Span", "/Div", "/NonStruct")
    ]
    return [part["/S"] for part in parts], [p["/Alt"] for p in parts if "/Alt" in p]


def test_a_screen_reader_finds_headings_paragraphs_and_pictures(petition):
    Campaign.objects.filter(pk=petition.campaign_id).update(
        happening="Dogs are sold.", **make_picture()
    )
    petition.refresh_from_db()
    own = Branding.objects.create(name="Our group")
    own.take_logo(Image.new("RGB", (300, 90), "teal"))
    own.save()
    models.learn()

    file = made(petition)["petition.pdf"]

    kinds, pictures = parts_of(file)
    assert pictures == ["Our group", "A teal wall"]
    assert kinds[:4] == ["/Figure", "/P", "/H1", "/P"]
    assert {"/H2", "/H3"} <= set(kinds)
    assert kinds.count("/H1") == 1
    reader = PdfReader(io.BytesIO(file))
    assert len(reader.pages[0].images) == 2
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "<pdfuaid:part>1<" in reader.xmp_metadata.stream.get_data().decode()
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_its_parts_and_countries_are_bookmarks(petition):
    outline = PdfReader(io.BytesIO(made(petition)["petition.pdf"])).outline

    marks = [mark.title for mark in outline]
    assert marks[:4] == [
        "What we ask",
        "Where people signed",
        "Names",
        "A count that can be checked",
    ]
    assert "Portugal: 1" in marks[4:]


def test_an_ask_from_right_to_left_reads_so_at_the_foot_of_each_page(petition):
    petition.ask = "محمد علي"
    Petition.objects.update(ask=petition.ask)  # as if they had signed this

    _cover, facts, *names = pages_of(made(petition)["petition.pdf"])

    drawn = facts.splitlines()[1]  # the words as they stand from left to right
    assert drawn.split() == ["علي", "محمد"]
    for page in (facts, *names):
        assert page.endswith(drawn)


WORLD = {
    "ko": ("부천시의 시장을 닫아 주세요", "김민수", "대한민국"),
    "ja": ("犬の市場を閉鎖してください", "髙橋 桜子", "日本"),
    "ar": ("أغلقوا سوق الكلاب", "محمد علي", "مصر"),
}


@pytest.mark.parametrize("language", WORLD)
def test_a_petition_in_other_letters_is_printed_in_them(language):
    title, name, country = WORLD[language]
    petition = make_petition(title=title, language=language, ask=title)
    code = {"ko": "KR", "ja": "JP", "ar": "EG"}[language]
    sign(petition, name=name, country=code, shown_as="full").confirm()

    [file] = [file for name, file in made(petition).items() if name.endswith(".pdf")]
    # Letters that are joined may be written in another of their forms.
    read = unicodedata.normalize("NFKC", "".join(" ".join(pages_of(file)).split()))

    with override(language):
        cannot = "".join(gettext("(in a script that we cannot print)").split())
        foot = gettext("Page %(number)s of %(pages)s") % {"number": 2, "pages": 3}
    assert cannot.strip("()") not in read
    for word in f"{title} {name} {country} {foot}".split():
        assert word in read
    first = PdfReader(io.BytesIO(file)).pages[0]
    assert (language == "ar") is (min(beginnings(first)) > 100)


def test_the_list_of_signatures_leads_to_it_with_the_petition_chosen(client, petition):
    listed = f"/admin/petitions/signature/?petition__id__exact={petition.pk}"
    client.force_login(make_staff("one who moderates", "Moderators"))
    assert "Make the files for officials" not in client.get(listed).text

    client.force_login(make_staff("one who campaigns", "Campaigners"))
    link = r'href="([^"]+)">Make the files for officials'
    [of_one] = re.findall(link, client.get(listed).text)
    [of_all] = re.findall(link, client.get("/admin/petitions/signature/").text)

    assert f'<option value="{petition.pk}" selected' in client.get(of_one).text
    assert client.get(of_all).status_code == 200


def test_the_form_has_one_button_that_says_what_it_does(client):
    client.force_login(make_staff("bo", "Campaigners"))

    page = client.get("/admin/petitions/bundle/add/").text

    assert re.findall(r'<input type="submit" value="([^"]+)"', page)[-1:] == [
        "Make the files"
    ]
    assert 'value="Save' not in page


def test_what_stands_after_a_korean_name_is_set_right(petition):
    for number in range(3):
        email = f"m{number}@mail.example"
        sign(petition, name=f"Min {number}", country="KR", email=email).confirm()

    names = pages_of(made(petition)["petition.pdf"])[-1]

    assert "South Korea: 4\n김민수\nMin 0\nMin 1\nMin 2" in names


def test_many_names_go_on_in_more_files(petition, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_NAMES", 5)
    type(petition.campaign).objects.update(timezone="America/Los_Angeles")
    petition.refresh_from_db()

    files = made(petition)

    printed = [name for name in files if name.endswith(".pdf")]
    assert printed == ["petition.pdf", "petition-names-2.pdf", "petition-names-3.pdf"]
    text = [page for name in printed for page in pages_of(files[name])]
    assert "Part 2, page 1 of 1" in text[3]
    everything = "".join(text)
    shown = [row for row in PEOPLE if row[3] != "no"]
    assert everything.count("Maria Silva") == everything.count("김민수") == 1
    assert len(shown) == 11  # 5 + 5 + 1
    width = PdfReader(io.BytesIO(files["petition.pdf"])).pages[0].mediabox.width
    assert round(width) == 612  # points: 8.5 inches


def test_all_names_are_withheld_when_all_are_hidden(petition):
    Petition.objects.update(names_hidden=True)
    petition.refresh_from_db()

    files = made(petition)

    assert {row[0] for row in rows_of(files)[1:]} == {"(name withheld)"}
    assert len(pages_of(files["petition.pdf"])) == 2
    assert "Names withheld 12" in pages_of(files["petition.pdf"])[1]


def test_the_proof_is_in_it(petition):
    files = made(petition)

    assert [name for name in files if name.startswith("count/")] == [
        "count/check.html",
        "count/links.csv",
    ]
    end = Link.objects.end_of(petition.pk)
    assert files["count/links.csv"].decode().splitlines()[-1].endswith(end.link.hex())
    assert end.link.hex() in files["count/check.html"].decode()


def test_a_petition_without_signatures_can_be_delivered():
    files = made(make_petition())

    assert set(files) == {"README.txt", "petition.pdf", "signatures.csv"}
    assert len(pages_of(files["petition.pdf"])) == 2


def test_it_is_asked_for_made_by_a_worker_and_downloaded(
    client, petition, work, mailbox
):
    client.force_login(make_staff("bo", "Campaigners"))
    form = f"{BUNDLES}add/?petition={petition.pk}"
    assert form in client.get(f"/admin/petitions/petition/{petition.pk}/change/").text

    asked = fill_in(client, form, to="the Mayor", petition=petition.pk)
    bundle = Bundle.objects.get()
    assert "We are making it." in client.get(asked.url).text
    assert client.get(f"{BUNDLES}{bundle.pk}/download/").status_code == 404
    work()

    assert "Ready: 12 signatures" in client.get(asked.url).text
    answer = client.get(f"{BUNDLES}{bundle.pk}/download/")
    content = io.BytesIO(b"".join(answer))
    assert zipfile.ZipFile(content).testzip() is None
    row = AuditEntry.objects.first()
    assert (row.kind, row.model, row.keys) == (
        "exported",
        "petitions.bundle",
        [str(bundle.pk)],
    )
    client.force_login(make_staff("eve"))
    assert client.get(f"{BUNDLES}{bundle.pk}/download/").status_code == 403


def test_its_file_goes_after_some_days(petition, settings, media, work):
    bundle = Bundle.objects.create(petition=petition, to="the Mayor")
    bundle.make()
    [rule] = [rule for rule in retention.rules() if rule.name == "bundles"]
    assert rule.forget() == 0
    assert [file.name for file in (media / "bundles").iterdir()] == [bundle.name]
    Bundle.objects.update(asked_at=timezone.now() - timedelta(days=8))

    assert rule.forget() == 1
    work()

    assert list((media / "bundles").iterdir()) == []
    assert FILES.open("../../x.zip") is None


def test_whoever_is_erased_is_in_no_file_afterwards(petition, media, work, client):
    finished, being_made = (
        Bundle.objects.create(petition=petition, to="the Mayor") for _ in range(2)
    )
    finished.make()
    client.force_login(make_staff("bo", "Campaigners"))
    download = f"{BUNDLES}{finished.pk}/download/"
    assert client.get(download).getvalue().startswith(b"PK")

    petition.signatures.first().confirmation.supporter.erase()

    # At once, and not only when the worker has deleted the file.
    assert client.get(download).status_code == 404
    being_made.make()  # its worker has begun before
    work()
    assert list((media / "bundles").iterdir()) == []
    for bundle in (finished, being_made):
        page = client.get(f"{BUNDLES}{bundle.pk}/change/").text
        assert "The file is gone. Ask for a new one." in page


def test_made_twice_at_once_it_stays(petition):
    bundle = Bundle.objects.create(petition=petition, to="the Mayor")
    same = Bundle.objects.get()
    bundle.make()

    same.make()

    assert "signatures.csv" in unpacked(bundle)


def test_a_file_that_was_in_no_backup_is_asked_for_anew(petition, media, client):
    client.force_login(make_staff("bo", "Campaigners"))
    bundle = Bundle.objects.create(petition=petition, to="the Mayor")
    bundle.make()
    (media / "bundles" / bundle.name).unlink()

    page = client.get(f"{BUNDLES}{bundle.pk}/download/", follow=True).text

    assert "The file is gone. Ask for a new one." in page


@pytest.mark.parametrize("start", ["=", "＝", "＋", "－", "＠"])
def test_no_sign_that_a_spreadsheet_runs_begins_a_cell(start):
    petition = make_petition()
    make_counted(petition, name=f"{start}SUM(A1)")

    [_columns, line] = "".join(archive.csv_lines(petition)).splitlines()

    assert line.startswith(f"'{start}")
