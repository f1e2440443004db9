"""Bo sees the page as it would be, and nothing is saved by looking."""

import io
import re

import pytest
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns.models import Campaign, CampaignRole, Reading
from campaigns.pictures import picture_files
from letters.models import RecipientList, SuggestedLetter
from petitions.models import Petition
from tests.campaign_editor.forms import LETTER, NEW, WHOLE, make, page_of, press
from tests.campaign_editor.test_guided_picture import png
from tests.campaign_editor.test_story_pictures import photo
from tests.factories import make_recipients, make_staff
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bo(client, media):
    client.force_login(make_staff("bo", "Campaigners"))


def stored():
    """All that a campaign consists of, as it is in the database."""
    models = (Campaign, Petition, SuggestedLetter, RecipientList, Reading)
    rows = [row for model in models for row in model.objects.order_by("pk")]
    return serializers.serialize("json", rows)


def look(client, page, **changes):
    answer = client.post(f"{page}preview/", fields_of(client.get(page)) | changes)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("button", ["save", "publish"])
def test_the_page_shows_what_is_typed_and_stores_nothing(client, media, button):
    press(client, button=button, **WHOLE, **LETTER)
    page = page_of(Campaign.objects.get())
    before, files = stored(), set(media.rglob("*.*"))

    shown = look(
        client,
        page,
        title="Red foxes",
        story="<p>In a wood.</p><script>alert(1)</script>",
        summary="",
        closes="2020-01-01T10:00",
        **{
            "petition-ask": "I ask for a wood.",
            "letter-subject": "A wood for foxes",
            "reading-0-title": "A report",
            "recipient-0-office": "Clerk",
            "recipient-0-email": "clerk@council.example",
            **photo(0),
            "new_picture-kept": "x" * 43,
        },
    )

    for words in ("Red foxes", "In a wood.", "I ask for a wood.", "A wood for foxes"):
        assert words in shown
    assert "clerk@council.example" in shown
    assert '<fieldset class="draft-page" disabled>' in shown
    assert "New pictures show when you save." in shown  # without a script
    assert "<script>alert" not in shown
    assert (stored(), set(media.rglob("*.*"))) == (before, files)


def kept(client, page, **files):
    """Keep files as the script does; returns the fields that stand for them."""
    sent = fields_of(client.get(page)) | files
    return client.post(f"{page}unsaved/", sent).json()["filled"]


def pictures_in(shown):
    return set(re.findall(r"/admin/editor/kept-pictures/[\w-]{43}/", shown))


def test_pictures_show_as_soon_as_they_were_kept(client, media):
    page = page_of(make(client, **WHOLE))
    filled = kept(
        client,
        page,
        **{"new_picture": png(), "story-picture-0-new_picture": png()},
    )
    before = stored()

    shown = look(client, page, **filled, story="<p>In a wood.</p><p>[picture 1]</p>")

    addresses = pictures_in(shown)
    assert len(addresses) == 2
    for address in addresses:
        picture = client.get(address)
        assert picture["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(picture.content)).size[0] <= 800
        assert "sandbox" in picture["Content-Security-Policy"]
    assert "New pictures show when you save." not in shown
    assert (stored(), set(media.rglob("*.*"))) == (before, set())


def test_a_new_picture_shows_in_place_of_the_stored_one(client, media):
    campaign = make(client, **WHOLE)
    page = page_of(campaign)
    press(client, page, files={"new_picture": png()}, picture_alt="A fox")
    old = Campaign.objects.get(pk=campaign.pk).picture

    shown = look(client, page, **kept(client, page, new_picture=png()))

    assert old
    assert old not in shown
    assert len(pictures_in(shown)) == 1


def test_a_look_decodes_no_picture_again(client, monkeypatch):
    page = page_of(make(client, **WHOLE))
    filled = kept(client, page, new_picture=png())
    sent = fields_of(client.get(page)) | filled
    monkeypatch.setattr(picture_files, "read", None)

    assert pictures_in(client.post(f"{page}preview/", sent).text)


def test_what_is_no_picture_does_not_show_and_breaks_nothing(client):
    page = page_of(make(client, **WHOLE))
    filled = kept(client, page, new_picture=SimpleUploadedFile("a.png", b"<svg/>"))

    shown = look(client, page, **filled, title="Red foxes")

    assert "Red foxes" in shown
    assert not pictures_in(shown)


def test_a_kept_picture_opens_for_campaigners_alone(client):
    page = page_of(make(client, **WHOLE))
    [address] = pictures_in(look(client, page, **kept(client, page, new_picture=png())))
    assert client.get(address[:-2] + "/").status_code == 404

    client.force_login(make_staff("cy", "Moderators"))
    assert client.get(address).status_code == 403
    client.logout()
    assert "login" in client.get(address).url


def test_a_new_campaign_has_a_preview_before_it_is_stored(client):
    assert "Foxes" in look(client, NEW, title="Foxes")
    assert not Campaign.objects.exists()


def test_a_list_of_other_campaigns_is_not_shown_to_who_may_not_see_it(client):
    campaign = make(client, **WHOLE, **LETTER)
    chosen = {"letter-recipients": str(make_recipients(1, name="Others").pk)}
    assert "ward1@council.example" in look(client, page_of(campaign), **chosen)

    ed = make_staff("ed")
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=ed, group=group, campaign=campaign)
    client.force_login(ed)

    shown = look(client, page_of(campaign), **chosen)
    assert "ward1@council.example" not in shown
    assert "mayor@council.example" in shown


def test_a_preview_says_draft_until_the_campaign_is_open(client):
    def state():
        return re.search(
            '<p class="status.*?<b>(.*?)</b>', look(client, page), re.DOTALL
        )[1]

    page = page_of(make(client, **WHOLE))
    assert state() == "Draft"

    press(client, page, "publish")

    assert state() == "Open"


def test_what_is_wrong_in_a_row_is_led_to_before_it_is_saved(client):
    def leads_to(**changes):
        fields = fields_of(client.get(page)) | changes
        shown = client.post(f"{page}look/", fields).text
        return re.findall('href="#id_((?:story-picture|letter-lines)[^"]*)"', shown)

    page = page_of(make(client, **WHOLE))

    assert leads_to() == []
    typed = {"story-picture-1-caption": "Their den"}
    assert leads_to(**typed) == ["story-picture-1-new_picture"]
    assert leads_to(**{"letter-lines": "Mayor, a(at)b"}) == ["letter-lines"] * 2


def test_only_who_may_edit_sees_it_and_only_by_posting(client):
    page = page_of(make(client, title="Foxes"))
    assert client.get(f"{page}preview/").status_code == 405

    client.force_login(make_staff("cy", "Moderators"))

    for path in (page, NEW):
        assert client.post(f"{path}preview/").status_code == 403


def test_a_key_that_cannot_be_one_shows_nothing_and_breaks_nothing(client):
    page = page_of(make(client, **WHOLE))

    shown = look(client, page, **{"new_picture-kept": "\0", "title": "Red foxes"})

    assert "Red foxes" in shown
    assert client.get("/admin/editor/kept-pictures/%00/").status_code == 404
