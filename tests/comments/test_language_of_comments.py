"""The writer of a comment says in which language it is."""

import re

import pytest

from comments.models import Comment, Thread
from outbox.dispatcher import work_through
from tests.comments.desk import DESK, INBOX, pressing, queue
from tests.factories import make_campaign, make_comment, make_text, write_comment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def comment():
    return write_comment(make_campaign(), text="Gaereul saranghae.", language="en")


def test_its_writer_changes_the_language_with_the_text(client, comment):
    path = f"{comment.inbox_url}text/"
    page = client.get(path).text

    client.post(path, {"text": "개를 사랑합니다.", "written_in": "ko"})

    assert '<option value="en" selected>English</option>' in page
    assert '<option value="ko">한국어</option>' in page
    assert Comment.objects.get().written_in == "ko"


def test_its_writer_is_written_to_in_the_language_of_the_page_where_they_wrote(
    comment, mailbox
):
    comment.written_in = "ko"
    comment.save()
    comment.mail_question_later(insists=True)
    work_through()

    html = mailbox.last().get_body(("html",)).get_content()
    assert '<html lang="en" dir="ltr">' in html
    assert "/ko/" not in html


def korean_words(campaign):
    return write_comment(campaign, text="개를 사랑합니다.", language="en")


def test_korean_words_on_the_english_page_are_korean_for_whoever_reads_it(client, cy):
    comment = korean_words(make_campaign())

    assert comment.written_in == "ko"
    client.force_login(cy)
    assert "<bdi>한국어</bdi></summary>" in client.get(f"{DESK}{comment.pk}/").text
    client.post("/admin/account/language/", {"language": "en", "languages_read": "ko"})
    assert queue(client.get(DESK)) == [comment.name]


@pytest.mark.parametrize("languages", [["en", "ko"], ["en", "de"]])
def test_korean_words_on_the_english_page_are_marked_as_korean(
    client, cy, settings, languages
):
    """Whatever languages the site has: browsers and screen readers go by it."""
    settings.LANGUAGES = [(code, code) for code in languages]
    comment = korean_words(make_campaign())
    assert comment.written_in in languages
    as_korean = ' lang="ko" dir="auto"'
    assert f'"comment-text"{as_korean}>' in client.get(comment.inbox_url).text
    comment.moderated_by(cy).show()

    for path in ("/campaign-1/", "/campaign-1/comments/"):
        assert f'"comment-text"{as_korean}>' in client.get(path).text
    client.force_login(cy)
    assert f'desk-plain"{as_korean}' in client.get(f"{DESK}{comment.pk}/").text


@pytest.mark.parametrize(("typed", "status"), [("", 302), ("xx", 422)])
def test_no_other_language_is_taken(client, comment, typed, status):
    path = f"{comment.inbox_url}text/"
    answer = client.post(path, {"text": "I love dogs.", "written_in": typed})

    assert answer.status_code == status
    assert Comment.objects.get().written_in == "en"


def test_a_site_in_one_language_does_not_ask(client, comment, settings):
    settings.LANGUAGES = [("en", "English")]
    path = f"{comment.inbox_url}text/"

    assert "written_in" not in client.get(path).text
    client.post(path, {"text": "I love dogs.", "written_in": "ko"})

    assert Comment.objects.get().written_in == "en"
    assert Comment.objects.get().text == "I love dogs."


def test_a_moderator_changes_the_language_and_takes_it_back(client, comment, cy):
    client.force_login(cy)
    press = pressing(client)
    page = client.get(f"{DESK}{comment.pk}/")
    assert "<bdi>English</bdi></summary>" in page.text

    answer = press(comment, "language", written_in="ko")

    assert Comment.objects.get().written_in == "ko"
    [log] = comment.moderations.all()
    assert (log.decision, log.by, log.words) == ("language", cy, "한국어")
    assert "Language changed (cy)" in answer.text
    assert press(comment, "language", written_in="xx").status_code == 422
    comment.moderated_by(cy).undo()
    assert Comment.objects.get().written_in == "en"


def test_a_moderator_has_on_the_desk_what_they_can_read(client, comment, cy):
    korean = make_campaign(slug="korean", language="ko")
    write_comment(korean, text="첫 댓글", name="Mina")
    Comment.objects.filter(name="Mina").update(written_in="")
    client.force_login(cy)
    assert queue(client.get(DESK)) == [comment.name, "Mina"]

    client.post("/admin/account/language/", {"language": "en", "languages_read": "ko"})
    page = client.get(INBOX)

    assert queue(page) == ["Mina"]
    assert "Comments (1)" in page.text
    assert "1 more waits in a language that you have not chosen." in page.text
    assert "comment waits for a moderator" in client.get("/admin/").text
    every = client.get("/admin/comments/comment/?state=queued").text
    assert "Mina" in every
    assert comment.name in every
    only = client.get("/admin/comments/comment/?state=queued&written_in=ko").text
    assert "첫 댓글" in only
    assert comment.text not in only


def test_readers_see_the_comments_in_their_language_first(client, settings):
    settings.COMMENTS_A_PAGE = 2
    campaign = make_campaign(slug="mayor")
    make_text(campaign, "ko", slug="sijang")
    for number, language in enumerate(["ko", "en", "", "ko", "en"], 1):
        made = make_comment(campaign, f"comment {number}.")
        made.written_in = language
        made.save()
    Thread.objects.get(campaign=campaign).recount()

    def shown(path):
        page = client.get(path)
        assert page.status_code == 200
        return [int(n) for n in re.findall(r"comment (\d)\.", page.text)]

    own = "/ko/sijang/comments/own-language/"
    assert f'href="{own}"' in client.get("/ko/sijang/comments/").text
    assert shown(own) == [4, 1]
    assert shown(f"{own}page/2/") == [5, 3]
    assert shown(f"{own}page/3/") == [2]
    assert client.get(f"{own}page/4/").status_code == 404
    assert shown("/mayor/comments/own-language/") == [5, 3]
    assert shown("/mayor/comments/own-language/page/2/") == [2, 4]
    assert shown("/mayor/comments/") == [1, 2]
    assert "Set-Cookie" not in client.get(own)


def test_comments_in_one_language_have_no_such_order(client):
    make_comment(make_campaign(slug="mayor"), "Please help")

    assert "own-language" not in client.get("/mayor/comments/").text
