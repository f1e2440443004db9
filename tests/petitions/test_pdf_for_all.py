"""The officials' PDF for people who hear it, or who see little contrast."""

import io

import pytest
from pypdf import PdfReader

from branding.colours import TEXT_CONTRAST, contrast
from branding.models import Branding
from campaigns.models import Campaign
from petitions.models import Petition
from tests.factories import make_petition, make_picture, sign
from tests.petitions.reading_pdf import drawing, elements_of
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


def test_each_picture_that_is_drawn_has_words(petition):
    Campaign.objects.update(**make_picture())

    found = read(made(Petition.objects.get()))

    drawn = sum(
        operator == b"Do" for page in found.pages for _given, operator in drawing(page)
    )
    words = [
        part["/Alt"]
        for part in elements_of(found.trailer["/Root"]["/StructTreeRoot"])
        if part["/S"] == "/Figure"
    ]
    assert words == ["A teal wall"]
    assert drawn == len(words)


@pytest.mark.parametrize("colours", COLOURS)
def test_all_words_can_be_told_from_the_paper(petition, colours):
    Branding.objects.create(**colours)

    colours_of_words = set()
    for page in read(made(petition)).pages:
        fill = "#000000"
        for given, operator in drawing(page):
            if operator == b"scn":
                three = given if len(given) == 3 else [*given] * 3
                fill = "#" + "".join(f"{round(float(c) * 255):02x}" for c in three)
            elif operator in (b"Tj", b"TJ"):
                colours_of_words.add(fill)

    assert len(colours_of_words) >= 3
    assert min(contrast(each, WHITE) for each in colours_of_words) >= TEXT_CONTRAST
