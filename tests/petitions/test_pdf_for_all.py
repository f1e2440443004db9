"""The officials' PDF for people who hear it, or who see little contrast."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ContentStream

from branding.colours import TEXT_CONTRAST, contrast
from branding.models import Branding
from campaigns.models import Campaign
from petitions.handover.tagged import TaggedPDF
from petitions.models import Petition
from tests.factories import make_petition, make_picture, sign
from tests.petitions.test_bundle import made

# One process reads the fonts of the PDF.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.xdist_group("bundle"),
]
WHITE = "#ffffff"
COLOURS = [{}, {"primary": "#ffd400", "accent": "#fff3b0"}, {"primary": "#9acd32"}]


@pytest.fixture
def petition():
    petition = make_petition(title="Stop it", ask="I ask the council to stop it.")
    sign(petition, name="Maria Silva", shown_as="full").confirm()
    return petition


def read(files):
    [content] = [files[name] for name in files if name.endswith(".pdf")]
    return PdfReader(io.BytesIO(content))


def a_picture():
    content = io.BytesIO()
    Image.new("RGB", (64, 36), "teal").save(content, "PNG")
    content.seek(0)
    return content


@pytest.mark.parametrize("says", ["", " \n"])
def test_a_picture_without_words_is_refused(says):
    pdf = TaggedPDF()
    pdf.add_page()

    with pytest.raises(ValueError, match="says nothing"):
        pdf.figure(a_picture(), (64, 36), (10, 10), (50, 50), says=says)


def test_each_picture_that_is_drawn_has_words(petition):
    Campaign.objects.update(**make_picture())

    found = read(made(Petition.objects.get()))

    drawn = sum(
        operator == b"Do" for page in found.pages for _given, operator in drawing(page)
    )
    words = [part["/Alt"] for part in parts_of(found) if part["/S"] == "/Figure"]
    assert words == ["A teal wall"]
    assert drawn == len(words)


@pytest.mark.parametrize("colours", COLOURS)
def test_all_words_can_be_told_from_the_paper(petition, colours):
    Branding.objects.create(**colours)

    colours_of_words = set()
    for page in read(made(petition)).pages:
        fill = "#000000"
        for given, operator in drawing(page):
            if operator == b"rg":
                fill = "#" + "".join(f"{round(float(c) * 255):02x}" for c in given)
            elif operator == b"g":
                fill = "#" + f"{round(float(given[0]) * 255):02x}" * 3
            elif operator in (b"Tj", b"TJ"):
                colours_of_words.add(fill)

    assert len(colours_of_words) >= 3
    assert min(contrast(each, WHITE) for each in colours_of_words) >= TEXT_CONTRAST


def drawing(page):
    return ContentStream(page.get_contents(), page.pdf).operations


def parts_of(found):
    """All elements of the file's structure."""
    waiting = [found.trailer["/Root"]["/StructTreeRoot"]]
    for element in waiting:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            each = kid.get_object()
            if hasattr(each, "get") and "/S" in each:
                waiting.append(each)
    return waiting[1:]
