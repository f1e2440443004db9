"""Signatures from another website: with the proof of their consent, shown apart."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from outbox.models import OutgoingMail
from paper import scans
from paper.models import CannotCount
from supporters.models import Follow
from tests.factories import make_counted, make_paper, make_petition, make_staff, sign
from tests.hostile.test_uploads import drawn
from tests.paper.test_counting import agree, standing
from tests.staff.forms import fill_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CONSENT = {"place": "old.example", "consent": "The group may have my signature."}
BATCHES = "/admin/paper/paperbatch/"


@pytest.fixture
def cy():
    return make_staff("cy", "Moderators")


def prove(batch):
    name, size = scans.take_in(SimpleUploadedFile("form.png", drawn("PNG")))
    batch.scans.create(name=name, size=size)


def test_it_counts_only_with_its_proof_and_stands_apart(client, cy, work):
    petition = make_petition()
    make_counted(petition, 2)
    make_paper(petition, "Bo").count(by=cy)
    batch = make_paper(petition, "Grace", "Kim", **CONSENT)
    with pytest.raises(CannotCount, match="Add the proof of the consent first"):
        batch.count(by=cy)

    prove(batch)
    batch.count(by=cy)
    work()

    now = standing(petition)
    assert (now.count, now.on_paper, now.brought) == (5, 1, 2)
    agree(petition)
    page = client.get("/campaign-1/").text
    assert "1 of them on paper" in page
    assert "2 of them on another website" in page
    told = client.get("/campaign-1/count.json").json()
    assert (told["on_paper"], told["on_another_website"]) == (1, 2)
    assert "keep the proof that they agreed" in client.get("/campaign-1/count/").text
    assert not Follow.objects.exists()
    batch.refresh_from_db()
    batch.uncount()
    assert standing(petition).brought == 0
    cache.clear()
    assert "on another website" not in client.get("/campaign-1/count/").text


def test_who_signed_here_or_twice_in_the_file_counts_once(cy):
    petition = make_petition()
    sign(petition, name="Ada", email="ada@mail.example").confirm()
    mails = OutgoingMail.objects.count()
    grace = {"name": "Grace", "email": "grace@mail.example"}
    batch = make_paper(
        petition,
        {"name": "A. Lovelace", "email": "ada@mail.example"},
        *(grace, {**grace, "name": "G. Hopper"}),
        **CONSENT,
    )
    prove(batch)
    batch.count(by=cy)

    assert (standing(petition).count, standing(petition).brought) == (2, 1)
    assert OutgoingMail.objects.count() == mails
    batch.lines.get(counted=True).erase()
    assert (standing(petition).count, standing(petition).brought) == (1, 0)


def test_the_proof_stays_and_the_words_too_while_it_counts(client, cy):
    batch = make_paper(make_petition(), "Grace", **CONSENT)
    prove(batch)
    batch.count(by=cy)
    client.force_login(make_staff("bo", "Campaigners"))
    form = client.get(f"{BATCHES}{batch.pk}/change/").text
    assert 'name="consent"' not in form
    assert CONSENT["consent"] in form

    scan = f"{BATCHES}{batch.pk}/scans/{batch.scans.get().pk}/remove/"
    said = client.post(scan, follow=True).text

    assert "It proves the consent." in said
    assert batch.scans.exists()


def test_its_form_asks_for_website_and_consent_and_that_of_paper_for_sheets(client):
    petition = make_petition()
    client.force_login(make_staff("bo", "Campaigners"))
    paper, brought = f"{BATCHES}add/", f"{BATCHES}add/?website"
    assert f'href="{brought}"' in client.get(BATCHES).text

    sheets, page = client.get(paper).text, client.get(brought).text
    empty = fill_in(client, brought, petition=petition.pk, place="", country="GB")
    made = fill_in(client, brought, petition=petition.pk, country="GB", **CONSENT)

    assert 'name="sheets"' in sheets
    assert 'name="consent"' not in sheets
    assert "Add names from another website" in page
    assert "Day of the list" in page
    assert not re.search('name="sheets"|[Dd]ay of collection|Add a scan', page)
    assert "Enter the website where people signed." in empty.text
    assert "Enter what people agreed to there." in empty.text
    batch = petition.paper.get()
    assert made.url == f"{BATCHES}{batch.pk}/import/"
    assert (batch.place, batch.consent) == tuple(CONSENT.values())
    lines = client.get(f"{BATCHES}{batch.pk}/lines/").text
    assert "on the sheet" not in lines.lower()
    change = client.get(f"{BATCHES}{batch.pk}/change/").text
    assert "Proof of the consent" in change
    assert "Blank sheet" not in change
    assert "another website" in client.get(BATCHES).text
