"""A form that was open while its page closed: nothing that was typed is lost."""

import pytest

from comments.models import Comment, Thread
from letters.models import Letter
from petitions.models import Signature
from tests.factories import (
    ADA,
    LETTER,
    make_campaign,
    make_letter,
    make_petition,
    make_staff,
    prove,
    write_comment,
)
from tests.letters.makers import write

pytestmark = pytest.mark.django_db
COMMENT = {**ADA, "text": "My own dog came\nfrom such a place."}


def given_back(page):
    """The texts that a page gives back, as their reader sees them."""
    parts = page.text.split('class="typed"')[1:]
    return [part.split(">\n", 1)[1].split("</textarea>")[0] for part in parts]


def test_a_comment_typed_before_its_thread_closed_is_given_back(client):
    campaign = make_campaign()
    make_letter(campaign)
    Thread.objects.create(campaign=campaign).close()

    page = client.post("/campaign-1/comments/", COMMENT)

    assert page.status_code == 410
    assert "They closed before you posted" in page.text
    assert given_back(page) == [ADA["name"], ADA["email"], COMMENT["text"]]
    assert "Write it to the officials instead" in page.text
    assert not Comment.objects.exists()


def test_a_letter_typed_before_its_campaign_ended_is_given_back_finished(client):
    make_letter(make_campaign()).campaign.close()
    typed = {
        "name": "Ada Lovelace",
        "place": "London",
        "own_words": "My own dog came from such a place.",
        "subject": "Please help",
        "body": LETTER,
        "email": "ada@mail.example",
    }

    for button in ("send", "preview", "draft"):
        page = client.post("/campaign-1/letter/", {**typed, button: ""})

        assert page.status_code == 410
        assert "The campaign ended before you sent your letter" in page.text
        [letter] = given_back(page)
        assert typed["own_words"] in letter
        assert letter.endswith("Ada Lovelace, London")
    assert not Letter.objects.exists()


def test_a_letter_confirmed_after_its_campaign_ended_is_given_back(client):
    letter = write()
    letter.campaign.close()
    token = letter.confirmation.link_key

    page = client.post(f"/campaign-1/letters/{token}/confirmation/")

    assert page.status_code == 410
    given = [text.replace("&#x27;", "'") for text in given_back(page)]
    assert given == [letter.subject, letter.text]


def test_a_signature_typed_before_the_petition_ended_says_so(client):
    make_petition().campaign.close()

    page = client.post("/campaign-1/signatures/", ADA)

    assert page.status_code == 410
    assert "did not add your name" in page.text
    assert given_back(page) == [ADA["name"], ADA["email"], ADA["city"]]
    assert 'href="/campaign-1/follows/">Get the news' in page.text
    assert not Signature.objects.exists()
    assert given_back(client.get("/campaign-1/signatures/")) == []


def test_a_change_that_comes_too_late_is_given_back(client, settings):
    comment = write_comment(make_campaign())
    inbox = comment.inbox_url
    settings.COMMENT_EDIT_MINUTES = 0

    page = client.post(f"{inbox}text/", {"text": "Better words."})

    assert page.status_code == 410
    assert given_back(page) == ["Better words."]


def test_what_can_be_no_longer_changed_or_asked_is_given_back(client):
    comment = write_comment(make_campaign())
    comment.confirm()
    prove(client, comment)
    comment.moderated_by(make_staff("cy")).hide("spam")
    writer = comment.writer_url

    changed = client.post(f"{writer}text/", {"text": "Better words."})
    asked = client.post(f"{writer}appeal/", {"words": "It is no spam."})
    twice = client.post(f"{writer}appeal/", {"words": "It is no spam."})
    other = client.post(f"{writer}appeal/", {"words": "Look again."})

    assert (changed.status_code, given_back(changed)) == (409, ["Better words."])
    assert [asked.status_code, twice.status_code] == [302, 302]
    assert (other.status_code, given_back(other)) == (409, ["Look again."])


def test_a_form_of_a_page_that_is_gone_gives_its_words_back(client):
    campaign = make_campaign()
    comment = write_comment(campaign)
    report = f"/campaign-1/comments/{comment.pk}/report/"

    page = client.post(report, {"reason": "spam", "words": "It is <b>an advert."})

    assert page.status_code == 404
    assert given_back(page) == ["It is &lt;b&gt;an advert."]
    assert given_back(client.get(report)) == []


def test_too_many_at_once_can_be_sent_again_as_it_was_typed(client, settings):
    make_campaign()
    settings.LIMIT_POSTS_A_MINUTE = 0

    page = client.post("/campaign-1/comments/", COMMENT)

    assert page.status_code == 429
    assert "What you typed is still here" in page.text
    assert "from such a place.</textarea>" in page.text
    assert '<input type="hidden" name="email" value="ada@mail.example">' in page.text
    assert 'action="/campaign-1/comments/"' in page.text
