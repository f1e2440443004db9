"""The picture of a campaign in the guided form: taken, kept or refused."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns.models import Campaign
from tests.campaign_editor.forms import (
    WHOLE,
    make,
    page_of,
    press,
    refused,
    send,
)
from tests.staff.forms import _Fields

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("bo"),
]


def png():
    content = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(content, "PNG")
    return SimpleUploadedFile("a.png", content.getvalue())


def test_a_picture_is_taken_with_what_it_shows_or_not_at_all(client, media):
    campaign = make(client, title="Foxes")
    page = page_of(campaign)

    answer = send(client, page, files={"new_picture": png()}, title="x" * 161)
    assert refused(answer) == ["title", "picture_alt"]
    svg = SimpleUploadedFile("a.png", b"<svg><script>1</script></svg>")
    press(client, page, files={"new_picture": svg}, title="Foxes", picture_alt="A fox")
    assert not any(media.rglob("*.*"))

    press(client, page, files={"new_picture": png()}, picture_alt="A fox")
    campaign.refresh_from_db()
    assert (campaign.picture_width, campaign.picture_alt) == (1600, "A fox")
    answer = send(client, page, picture_alt="", picture_x="101")
    assert refused(answer) == ["picture_alt", "picture_x"]
    press(client, page, drop_picture="on", picture_alt="", picture_x="30")
    campaign.refresh_from_db()
    assert (campaign.picture, campaign.picture_x) == ("", 30)


def test_a_picture_without_words_waits_for_them(client, media):
    campaign = make(client, title="Foxes")
    page = page_of(campaign)

    answer = send(client, page, files={"new_picture": png()})

    assert "We kept “a.png”." in answer.text
    # At the field, and in the list of what is to be put right.
    assert answer.text.count("Say what the picture shows.") == 2
    answer = send(client, page, title="Red foxes")  # and once more without
    assert "We kept “a.png”." in answer.text
    press(client, page, picture_alt="A fox")
    campaign.refresh_from_db()
    assert (campaign.picture_width, campaign.title) == (1600, "Red foxes")
    assert "We kept" not in client.get(page).text


def test_a_picture_is_kept_when_a_published_campaign_refuses_the_form(client, media):
    press(client, button="publish", **WHOLE)
    campaign = Campaign.objects.get()
    page = page_of(campaign)

    refused = send(client, page, files={"new_picture": png()}, title="")
    assert refused.status_code == 422
    fields = {"title": "Red foxes", "picture_alt": "A fox"}
    again = client.post(page, {**_Fields(refused.text).sent, **fields, "save": ""})
    assert again.status_code == 302

    campaign.refresh_from_db()
    assert (campaign.title, campaign.picture_width) == ("Red foxes", 1600)


def test_nothing_is_kept_of_a_picture_that_is_refused(client, media):
    press(client, button="publish", **WHOLE)
    before = set(media.rglob("*.*"))
    page = page_of(Campaign.objects.get())

    answer = send(
        client, page, files={"new_picture": png()}, picture_alt="A fox", title=""
    )

    assert answer.status_code == 422
    assert set(media.rglob("*.*")) == before
    assert Campaign.objects.get().picture == ""
