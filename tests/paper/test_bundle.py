"""What officials get of names on paper: how many there are, and none of them."""

import csv
import io

import pytest

from petitions.models import Link
from tests.factories import make_counted, make_paper, make_petition, make_staff
from tests.petitions.test_bundle import made, pages_of, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    petition = make_petition()
    make_counted(petition, 6, city="York")
    line = {"city": "york"}
    people = [{"name": name, **line} for name in ("Paula Paper", "Peter Paper")]
    batch = make_paper(petition, *people, collected_on="2026-01-02")
    batch.count(by=make_staff("cy"))
    return petition


def test_the_list_has_a_line_for_each_and_the_names_stay_on_the_sheets(petition):
    files = made(petition)

    rows = rows_of(files)[1:]
    assert rows[-2:] == [["(on the sheets)", "", "GB", "2026-01-02", "on paper"]] * 2
    assert len(rows) == petition.standing.count == 8
    assert b"Paula" not in b"".join(files.values())


def test_the_pdf_counts_them_and_where_they_live(petition):
    [cover, facts, *_names] = pages_of(made(petition)["petition.pdf"])

    assert "8\npeople have signed\n2 of them on paper" in cover
    assert "On paper: the names stand on the sheets 2" in facts
    assert "York, United Kingdom 8" in facts


def test_the_proof_says_which_lines_are_on_paper(petition):
    files = made(petition)

    _header, line = csv.reader(io.StringIO(files["count/paper.csv"].decode()))
    batch = petition.paper.get()
    assert line[1:] == ["2", str(batch.pk), "1", "GB"]
    end = Link.objects.end_of(petition.pk)
    assert files["count/links.csv"].decode().splitlines()[-1].endswith(end.link.hex())
