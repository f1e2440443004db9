"""Bo puts pictures and a video into the story, with the guided form."""

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns.models import Campaign, StoryPicture
from tests.campaign_editor.forms import WHOLE, make, page_of, press, send
from tests.factories import make_staff
from tests.staff.forms import _Fields

pytestmark = pytest.mark.django_db
STORY = "<p>Before.</p><p>[picture 2]</p><p>After.</p>"
FILM = {
    "story-picture-1-picture_alt": "A fox in a cage",
    "story-picture-1-video_url": "https://www.youtube.com/watch?v=1",
}


@pytest.fixture(autouse=True)
def bo(client, media):
    client.force_login(make_staff("bo", "Campaigners"))


@pytest.fixture
def page(client):
    press(client, button="publish", **WHOLE | {"story": STORY})
    return page_of(Campaign.objects.get())


def photo(number, content=None):
    if content is None:
        made = io.BytesIO()
        Image.new("RGB", (1200, 800), "teal").save(made, "PNG")
        content = made.getvalue()
    file = SimpleUploadedFile("fox.png", content, "image/png")
    return {f"story-picture-{number}-new_picture": file}


def story(client):
    cache.clear()
    shown = client.get(Campaign.objects.get().get_absolute_url()).text
    return shown.partition('<div class="prose">')[2].partition('class="byline"')[0]


def test_a_row_is_the_picture_that_the_story_names(client, page):
    press(client, page, files=photo(1), **FILM)

    shown = story(client)
    assert shown.index("Before.") < shown.index("A fox in a cage")
    assert shown.index("Watch the video on youtube.com") < shown.index("After.")
    opened = client.get(page).text
    assert "<legend>[picture 1]</legend>" in opened
    assert opened.count("<legend>[picture 2]</legend>") == 1
    assert "A fox in a cage" in opened


def test_what_is_said_of_a_picture_can_change_and_the_picture_stays(client, page):
    press(client, page, files=photo(1), **FILM)
    before = StoryPicture.objects.get()

    press(client, page, **{"story-picture-0-caption": "In the market"})

    after = StoryPicture.objects.get()
    assert (after.pk, after.number, after.picture) == (before.pk, 2, before.picture)
    assert "In the market" in story(client)


def test_a_picture_is_removed(client, page):
    press(client, page, files=photo(1), **FILM)

    press(client, page, **{"story-picture-0-drop_picture": "on"})

    assert "<figure" not in story(client)
    assert not StoryPicture.objects.exists()


def test_a_picture_without_words_waits_for_them(client):
    campaign = make(client, title="Foxes", story=STORY)
    page = page_of(campaign)

    answer = send(client, page, files=photo(1))

    assert "Say what the picture shows." in answer.text
    assert 'href="#id_story-picture-1-picture_alt"' in answer.text
    assert 'id="id_story-picture-1-picture_alt"' in answer.text
    assert "We kept “fox.png”." in answer.text
    assert not StoryPicture.objects.exists()
    press(client, page, **{"story-picture-1-picture_alt": "A fox"})
    assert StoryPicture.objects.get().number == 2
    assert "We kept" not in client.get(page).text


def test_a_kept_file_is_left_out_and_nothing_else_is_lost(client):
    page = page_of(make(client, title="Foxes", story=STORY))
    press(client, page, files=photo(0))
    opened = client.get(page).text
    assert "We kept “fox.png”." in opened
    assert 'type="checkbox" name="story-picture-0-new_picture-kept"' in opened

    fields = _Fields(opened).sent | {"title": "Red foxes", "save": ""}
    del fields["story-picture-0-new_picture-kept"]  # an unticked box is not sent
    saved = client.post(page, fields, follow=True)

    assert "We kept" not in saved.text
    assert Campaign.objects.get().title == "Red foxes"


def test_a_stored_picture_cannot_lose_its_words(client):
    page = page_of(make(client, title="Foxes", story=STORY))
    press(client, page, files=photo(1), **FILM)

    answer = send(client, page, **{"story-picture-0-picture_alt": ""})

    assert "Say what the picture shows." in answer.text
    assert StoryPicture.objects.get().picture_alt == "A fox in a cage"
    press(client, page, **{"story-picture-0-picture_alt": "A red fox"})
    assert StoryPicture.objects.get().picture_alt == "A red fox"


def test_nothing_of_a_refused_form_is_stored_and_its_file_is_kept(client, page, media):
    before = set(media.rglob("*.*"))

    refused = send(client, page, files=photo(1), **FILM | {"title": ""})

    assert refused.status_code == 422
    assert set(media.rglob("*.*")) == before
    fields = _Fields(refused.text).sent | {"title": "Foxes", "save": ""}
    assert client.post(page, fields).status_code == 302
    assert StoryPicture.objects.get().picture_alt == "A fox in a cage"


@pytest.mark.parametrize("number", ["", "0", "-1", "9" * 30, "9" * 5000, "one", "\x00"])
def test_a_number_that_is_none_breaks_nothing(client, number):
    page = page_of(make(client, title="Foxes"))
    opened = _Fields(client.get(page).text).sent
    fields = opened | FILM | {"story-picture-1-number": number, "save": ""}

    answer = client.post(page, fields | photo(1), follow=True)

    assert answer.status_code == 422
    assert not StoryPicture.objects.exists()


def test_a_picture_of_another_tab_is_not_replaced(client):
    page = page_of(make(client, title="Foxes"))
    first, second = [_Fields(client.get(page).text).sent for _tab in range(2)]

    for tab, words in ((first, "A fox"), (second, "An owl")):
        changes = {"story-picture-0-picture_alt": words, "save": ""}
        answer = client.post(page, tab | changes | photo(0))
    client.post(page, _Fields(answer.text).sent | {"save": ""})

    assert answer.status_code == 409  # it was asked first
    stored = StoryPicture.objects.values_list("number", "picture_alt")
    assert list(stored) == [(1, "A fox"), (2, "An owl")]


def test_nor_by_a_row_that_waited_for_its_words(client):
    page = page_of(make(client, title="Foxes"))
    waits = _Fields(send(client, page, files=photo(0)).text).sent
    changes = {"story-picture-0-picture_alt": "A fox", "save": ""}
    client.post(page, waits | changes | photo(0))

    waits |= {"story-picture-0-picture_alt": "An owl", "save": ""}
    asked = client.post(page, waits)
    client.post(page, _Fields(asked.text).sent | {"save": ""})

    stored = StoryPicture.objects.values_list("number", "picture_alt")
    assert list(stored) == [(1, "A fox"), (2, "An owl")]


def test_two_rows_of_one_number_are_two_pictures(client):
    page = page_of(make(client, title="Foxes"))
    fields = _Fields(client.get(page).text).sent | {"save": ""}
    for row, words in enumerate(["A fox", "An owl"]):
        name = f"story-picture-{row}"
        fields |= photo(row) | {f"{name}-number": "5", f"{name}-picture_alt": words}

    client.post(page, fields)

    stored = StoryPicture.objects.values_list("number", "picture_alt")
    assert set(stored) == {(5, "A fox"), (1, "An owl")}


def test_what_is_no_picture_is_said(client, page):
    refused = send(client, page, files=photo(1, b"<svg/>"), **FILM)

    assert refused.status_code == 422
    assert not StoryPicture.objects.exists()
