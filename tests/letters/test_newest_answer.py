"""An official's answer is the first news of its campaign, wherever people look."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from campaigns.templatetags.campaigns import beginning, excerpt
from letters.models import OfficialAnswer
from tests.factories import (
    make_ended_campaign,
    make_letter,
    make_recipients,
    make_staff,
    make_stance,
)
from tests.letters.test_official_answer import decide, hand_in
from tests.letters.test_official_page import send, ward, words_of

pytestmark = pytest.mark.django_db
BEGINNING = "Dear all: I have asked the clerk to put it on the agenda of March."


@pytest.fixture
def letter():
    return make_letter(recipients=make_recipients(3))


def look(client, letter, path=""):
    cache.clear()
    return client.get(path or letter.campaign.get_absolute_url())


def feed_of(letter):
    return reverse("campaigns:feed", args=[letter.campaign.slug])


def test_a_published_answer_stands_before_the_form_and_wherever_else_people_look(
    client, mailbox, work, letter
):
    written = send(letter, 1)
    work()
    hand_in(client, letter, ward(1))
    answer = OfficialAnswer.objects.get()
    assert BEGINNING not in words_of(look(client, letter))
    client.force_login(make_staff("bo", "Campaigners"))
    done = decide(client, answer, "publish", kind="supports")
    desk = client.get(done["Location"]).text
    client.logout()
    work()

    page = look(client, letter)
    card = page.text[page.text.index('class="news"') : page.text.index('class="story"')]
    assert "The answer from Council Member, Ward 1" in card
    assert "Supports it" in card
    assert BEGINNING in card
    assert f'href="{answer.get_absolute_url()}"' in card
    assert "Answers so far: 1 of 3" in card

    feed = look(client, letter, feed_of(letter)).text
    assert "The answer from Council Member, Ward 1" in feed
    assert "on the agenda of March" in feed
    assert f"<id>{answer.url}</id>" in feed
    receipt = look(client, letter, written.done_url)
    assert receipt.text.count("on the agenda of March") == 2  # the news, and in its row

    # What staff tell followers begins with the same words.
    link = desk.partition('href="/admin/campaigns/update/add/?')[2].partition('"')[0]
    filled = parse_qs(urlsplit(f"/?{link}".replace("&amp;", "&")).query)
    assert filled["title"] == ["The answer from Council Member, Ward 1"]
    assert BEGINNING in filled["text"][0]
    assert answer.url in filled["text"][0]


def test_the_card_shows_the_newest_answer_with_its_source(client, letter):
    make_stance(letter, ward(1), "opposes", day=date(2030, 1, 1))
    url = "https://council.example/minutes"
    make_stance(letter, ward(2), "answered", day=date(2030, 2, 1), url=url)

    page = look(client, letter).text
    card = page[page.index('class="news"') : page.index('class="story"')]
    assert "The answer from Council Member, Ward 2" in card
    assert f'<a href="{url}" rel="noopener">Read it at the source</a>' in card
    assert "Answers so far: 2 of 3" in card

    type(letter).objects.update(shows_answers=False)
    assert 'class="news"' not in look(client, letter).text


def test_an_ended_campaign_begins_with_its_result(client):
    campaign = make_ended_campaign(outcome="The council listened.")
    letter = make_letter(campaign)
    make_stance(letter, ward(1))

    page = look(client, letter).text

    assert page.count("The council listened.") == 1
    assert page.index("The council listened.") < page.index('class="story"')
    assert page.count('class="news"') == 1


def test_an_answer_of_a_long_text_is_cut_after_a_word(client, letter):
    text = "We heard you, and we will do what you ask for. " * 20
    answer = OfficialAnswer.objects.create(
        letter=letter, recipient=ward(1), text=text, published_at=timezone.now()
    )
    make_stance(letter, ward(1), url=answer.url)

    page = look(client, letter).text

    card = page[page.index("<blockquote") : page.index("</blockquote>")]
    assert card.endswith("…")
    assert len(card) < 220


@pytest.mark.parametrize(
    ("words", "most", "begins"),
    [
        ("Short.", 10, "Short."),
        ("One two three", 8, "One two…"),
        ("One two three", 7, "One two…"),
        ("One two three", 6, "One…"),
        ("署名が反映されました。" * 5, 11, "署名が反映されました。…"),
        ("Line\n\nand line", 20, "Line and line"),
    ],
)
def test_a_beginning_ends_after_a_word(words, most, begins):
    assert beginning(words, most) == begins


def test_an_excerpt_has_no_markup_and_no_entities():
    assert excerpt("<p>Dogs &amp; cats.</p><p>Both.</p>") == "Dogs & cats. Both."
