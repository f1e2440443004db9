"""A thread of several languages: each comment says in which it was written."""

import re

import pytest
from django.urls import reverse

from comments.models import Comment
from tests.factories import make_campaign, make_comment, make_staff, make_text
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def campaign():
    campaign = make_campaign(slug="bucheon")
    make_text(campaign, "ko", slug="sijang")
    return campaign


def write(client, path, name, text):
    return client.post(
        f"{path}comments/",
        {"name": name, "email": f"{name}@mail.example", "text": text},
    )


def test_a_comment_keeps_the_language_of_the_page_it_was_written_on(client, campaign):
    write(client, "/ko/sijang/", "mina", "좋은 일입니다.")
    write(client, "/bucheon/", "ada", "A good thing.")

    assert list(
        Comment.objects.order_by("pk").values_list("written_in", flat=True)
    ) == [
        "ko",
        "en",
    ]


def test_all_languages_are_one_thread_and_say_which_they_are(client, campaign):
    make_comment(campaign, "좋은 일입니다.", written_in="ko")
    make_comment(campaign, "A good thing.", written_in="en")

    english, korean = client.get("/bucheon/").text, client.get("/ko/sijang/").text

    for page in (english, korean):
        assert "좋은 일입니다." in page
        assert "A good thing." in page
    assert '<div class="comment-text" lang="ko" dir="auto">' in english
    assert '<div class="comment-text" lang="en" dir="auto">' not in english
    assert '<div class="comment-text" lang="en" dir="auto">' in korean


def test_moderators_choose_the_languages_that_they_read(client, campaign):
    make_comment(campaign, "좋은 일입니다.", name="Mina", written_in="ko")
    make_comment(campaign, "A good thing.", name="Ada")
    client.force_login(make_staff("cy", "Moderators"))
    comments = reverse("admin:comments_comment_changelist")

    korean = client.get(comments, {"written_in": "ko"}).text
    english = client.get(comments, {"written_in": "en"}).text

    assert "Mina" in korean
    assert "Ada" not in korean
    assert "Ada" in english
    assert "Mina" not in english


def test_my_page_in_another_language_leads_to_a_comment_all_the_same(
    client, campaign, mailbox, work
):
    english = make_campaign(slug="foxes")
    for path in ("/foxes/", "/ko/sijang/"):
        write(client, path, "ada", f"I saw it, and wrote so below {path}")
    page = enter(client, mailbox, work)

    shown = client.get(f"/ko{page}").text

    for comment in Comment.objects.all():
        place = "" if comment.campaign == english else "/ko/sijang"
        assert f'href="{place or "/foxes"}/comments/' in shown
    for path in set(re.findall(r'href="(/[^"]+/comments/[^"]+)"', shown)):
        assert client.get(path).status_code == 200, path
