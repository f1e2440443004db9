"""Files of names and of recipients are read in an encoding that we know, or refused."""

import codecs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from letters.models import RecipientList
from tests.factories import make_paper, make_petition, make_staff

pytestmark = pytest.mark.django_db
KOREAN = "name,office,email\n김민수,시장,kim@bucheon.example\n"
FRENCH = "name,office,email\nZoë Müller,Maire,zoe@x.example\n"
LITTLE, BIG = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE


@pytest.fixture
def pages(client):
    """The pages that read a file of names on paper, and of recipients."""
    client.force_login(make_staff("bo", "Campaigners"))
    council = RecipientList.objects.create(name="Council", addressed_as="the Council")
    pages = [f"/admin/letters/recipientlist/{council.pk}/import/"]
    if batch := make_paper(make_petition()):
        batch.reopen()
        pages.append(f"/admin/paper/paperbatch/{batch.pk}/import/")
    return pages


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (KOREAN.encode(), "김민수"),
        (KOREAN.encode("utf-8-sig"), "김민수"),
        (LITTLE + KOREAN.replace(",", "\t").encode("utf-16-le"), "김민수"),
        (BIG + FRENCH.encode("utf-16-be"), "Zoë Müller"),
        # Nobody can tell these two, or Chinese, apart by their bytes.
        (KOREAN.encode("cp949"), None),
        (FRENCH.encode("latin-1"), None),
        (FRENCH.encode("utf-16-le"), None),
        (LITTLE + KOREAN.encode("utf-16-le")[:-1], None),
        (KOREAN.encode() + b"\x00", None),
        (b"PK\x03\x04\xff\xfe", None),
    ],
    ids=[
        *("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"),
        *("cp949", "latin-1", "utf-16-without", "half", "null", "zip"),
    ],
)
def test_an_encoding_is_known_or_a_sentence_says_what_to_do(
    client, pages, content, name
):
    for path in pages:
        page = client.post(path, {"file": SimpleUploadedFile("names.csv", content)})

        assert page.status_code == 200
        assert ("This is not UTF-8. Save it as “CSV UTF-8”." in page.text) != bool(name)
        assert ("<td>" in page.text) == bool(name)
        assert not name or f"<td>{name}</td>" in page.text
