"""Pictures in a story, and videos by a poster: ours, and nothing from elsewhere."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError

from campaign_editor.copying import copy
from campaigns.models import StoryPicture
from campaigns.pictures import picture_files
from tests.factories import make_campaign, make_picture

pytestmark = pytest.mark.django_db
STORY = "<p>Before.</p><p>[picture 1]</p><p>After [picture 1].</p>"


@pytest.fixture
def campaign(media):
    return make_campaign(story=STORY)


def place(campaign, number=1, **fields):
    return StoryPicture.objects.create(
        campaign=campaign, number=number, **{**make_picture(), **fields}
    )


def story(client):
    cache.clear()
    page = client.get("/campaign-1/").text
    return page.partition('<div class="prose">')[2].partition('<p class="byline">')[0]


def test_a_picture_stands_where_the_story_names_it(client, campaign):
    picture = place(campaign, caption="The market <today>", picture_credit="Bo")

    shown = story(client)

    assert shown.index("Before.") < shown.index("<figure") < shown.index("After")
    assert shown.count("<figure") == 1
    assert f'alt="{picture.picture_alt}"' in shown
    assert picture_files.url(picture.picture, "800.jpg") in shown
    assert "The market &lt;today&gt;" in shown
    assert "After [picture 1]." in shown


def test_a_place_without_a_picture_shows_nothing(client, campaign):
    shown = story(client)

    assert "<p>Before.</p><p>After" in shown
    assert "<figure" not in shown


def test_a_video_is_its_poster_with_a_link(client, campaign):
    place(campaign, video_url="https://www.youtube.com/watch?v=1&t=2")

    shown = story(client)

    assert 'href="https://www.youtube.com/watch?v=1&amp;t=2" rel="noopener"' in shown
    assert "Watch the video on youtube.com" in shown
    assert "<iframe" not in shown
    assert "<video" not in shown
    assert 'src="https:' not in shown


def test_each_number_is_there_once(campaign):
    place(campaign)

    with pytest.raises(IntegrityError):
        place(campaign)


def test_a_copy_of_a_campaign_has_its_pictures(campaign):
    picture = place(campaign)

    new = copy(campaign)

    assert new.story_pictures.get().picture == picture.picture
