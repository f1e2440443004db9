"""The writer of a comment says in which language it is."""

import pytest

from comments.models import Comment
from outbox.dispatcher import work_through
from tests.factories import make_campaign, write_comment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def comment():
    return write_comment(make_campaign(), text="개를 사랑합니다.", language="en")


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
