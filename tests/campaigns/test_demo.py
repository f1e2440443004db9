"""The demo: the real campaign of 2016, and an ended one beside it."""

import shutil
from collections import Counter
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign, address
from comments.models import Comment
from letters.models import Recipient, SuggestedLetter
from petitions.counting.models import DayCount
from petitions.models import Petition, Signature
from tests.demo import load_demo
from tests.factories import ask_volunteer
from tests.hostile import row_counts, undone
from tests.rooms import with_volunteers
from tests.test_architecture import ROOT

# One process loads the demo for all of them.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demo"),
]
SLUG = "bucheon-mayor-kim"
COMMENTS = [
    ("Theresa (Kim) hornby", "2016-11-01", True),
    ("brandao jacqueline", "2016-11-02", False),
    ("Carol Driscoll", "2016-11-03", True),
    ("katya masini", "2016-11-05", False),
    ("MS", "2016-11-04", True),
    ("Margie Hancock", "2016-11-05", True),
    ("Monica bagni", "2016-11-06", False),
    ("Leontine", "2016-11-21", True),
]


@pytest.fixture
def demo(db):
    load_demo()
    return Campaign.objects.get(slug=SLUG)


@pytest.fixture
def shown(demo, client):
    return client.get(f"/{SLUG}/").text


def test_what_the_tests_copy_is_what_the_command_loads(media):
    found = []
    for load in (load_demo, load_demo, partial(call_command, "load_demo", verbosity=0)):
        with undone():
            load()
            files = {file.name.rpartition(".")[2] for file in media.rglob("*.*")}
            petitions = Petition.objects.order_by("campaign__slug")
            totals = [petition.standing.count for petition in petitions]
            rows = row_counts()
            # At another moment, other signatures fall on the day before.
            del rows[DayCount._meta.label]
            found.append((rows, files, totals))
        shutil.rmtree(media)

    for first, second in pairwise(found):
        differing = {
            model: (number, second[0][model])
            for model, number in first[0].items()
            if number != second[0][model]
        }
        assert differing == {}
        assert first[1:] == second[1:]


def test_loading_twice_changes_nothing(demo, capsys):
    demo.summary = "Changed by a campaigner."
    demo.save()
    before = row_counts()

    call_command("load_demo")

    assert row_counts() == before
    demo.refresh_from_db()
    assert demo.summary == "Changed by a campaigner."
    assert capsys.readouterr().out.count("there already") == 2


def test_the_eight_comments_have_their_names_their_dates_and_the_one_reply(
    demo, shown, client
):
    found = [
        (c.name, f"{c.created_at:%Y-%m-%d}", bool(c.text))
        for c in Comment.objects.order_by("pk")
    ]
    [reply] = Comment.objects.exclude(parent=None)

    assert found == COMMENTS
    assert (reply.name, reply.parent.name) == ("katya masini", "Carol Driscoll")
    assert 'id="comments-title">8 comments</h2>' in shown
    shown = client.get("/bucheon-mayor-kim/comments/").text
    for name, _day, _has_text in COMMENTS:
        assert f"<h3><bdi>{name}</bdi></h3>" in shown
    assert shown.count("Added their name without a message.") == 3
    assert shown.count("comment-silent") == 3
    assert '<time datetime="2016-11-21">21 November 2016</time>' in shown


def test_the_count_is_1284_spread_over_the_last_thirty_days(demo, shown):
    signatures = Signature.objects.filter(petition__campaign=demo)
    days = Counter(signatures.values_list("confirmed_at__date", flat=True))

    assert "<strong>1,284</strong> people have signed" in shown
    assert demo.petition.standing.count == signatures.counted().count() == 1284
    assert len(days) >= 30
    assert max(days.values()) < 1284 / 10
    assert min(days) >= (timezone.now() - timedelta(days=31)).date()
    assert not signatures.filter(confirmed_at__gt=timezone.now()).exists()


def test_samples_are_shown_as_initials_and_country_alone(demo):
    for signature in Signature.objects.select_related("confirmation__supporter"):
        assert [len(word) for word in signature.name.split()] == [2, 2]
        assert signature.public_name.text in ("", signature.name)
        assert signature.city == ""
        assert signature.confirmation.email.endswith(".example")
        assert signature.country.name
    assert 0 < Signature.objects.shown().count() < Signature.objects.count()


def test_the_officials_are_the_mayor_and_seven_council_members_by_office(demo):
    people = list(Recipient.objects.all())

    assert [person.label for person in people] == [
        "Harvey Hall, Mayor of Bakersfield",
        *[f"Council Member, Ward {ward}" for ward in range(1, 8)],
    ]
    assert all(person.email.endswith("@bakersfield.example") for person in people)
    assert len({person.email for person in people}) == 8


def test_the_text_is_that_of_2016_but_for_two_slips(demo, shown):
    seed = (ROOT / "tests/campaigns/seed.txt").read_text(encoding="utf-8")
    letter = demo.letter.body
    text = " ".join(f"{demo.full_title} {demo.story} {demo.call_for_action}".split())

    for line in paragraphs(seed, "Bucheon Mayor Kim is", "Click below"):
        assert line in text
    original = "\n\n".join(paragraphs(seed, "Dear Mayor", "1. Theresa"))
    mended = original.replace("petition on about", "petition about").replace(
        "Man-Soon", "Man-Soo"
    )
    assert letter.replace("[Your own words]\n\n", "") == mended
    assert "Man-Soon" not in shown
    assert "petition on about" not in shown


def paragraphs(text, first, last):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    starts = [number for number, line in enumerate(lines) if line.startswith(first)]
    ends = [number for number, line in enumerate(lines) if line.startswith(last)]
    return lines[starts[0] : ends[0]]


def test_the_letter_can_be_filled_and_sent_by_one_link(demo):
    suggested = SuggestedLetter.objects.get(campaign=demo)
    suggested.full_clean()
    people = list(suggested.recipient_list.recipients.in_office())

    letter = suggested.letter_for(
        people,
        subject=suggested.subject,
        body=suggested.body,
        name="Ada Lovelace",
        place="London, UK",
    )

    assert letter.is_ready
    assert not letter.envelope.is_too_long_for_mailto


def test_the_visit_is_as_it_was_and_the_action_ends_in_sixty_days(demo, shown):
    assert (demo.event_starts, demo.event_ends) == (
        date(2016, 11, 2),
        date(2016, 11, 8),
    )
    assert demo.closes_at - demo.opens_at == timedelta(days=90)
    assert abs(timezone.now() - demo.opens_at - timedelta(days=30)) < timedelta(hours=1)
    assert demo.days_left in (59, 60, 61)
    assert ">Visit</span>: <time" in shown
    assert '<time datetime="2016-11-08">8 November 2016</time>' in shown


def test_the_reading_is_shown_as_titles_without_addresses(demo, shown):
    titles = list(demo.readings.values_list("title", "url"))

    assert [title[:30] for title, _url in titles] == [
        "Bucheon: a new light shines in",
        "Progressive mayor takes moment",
    ]
    assert {url for _title, url in titles} == {""}
    assert "<li><cite>Bucheon: a new light shines in the darkness.</cite></li>" in shown
    assert "Learn more" not in shown


def test_an_ended_campaign_stands_beside_it(demo, client):
    ended = Campaign.objects.ended().get()

    text = client.get(ended.get_absolute_url()).text

    assert "<b>Answered</b>" in text
    assert "The result" in text
    assert "responded to our concern" in text
    assert text.count("<form") == text.count('class="follow-form"') == 1
    assert ended.full_title in client.get("/").text
    assert {p.standing.count for p in Petition.objects.all()} == {1284, 312}


def test_the_sentences_that_are_not_kept_yet_are_not_said(shown, client):
    home = client.get("/").text

    for text in (shown, home, client.get("/privacy/").text):
        assert "one mail a month" not in text.lower()
    # Kept since my page.
    assert "You can delete your details at any time." in home


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/ko/kim-mansu-sijang/", "부천시 김만수 시장"),
        ("/es/alcalde-kim-de-bucheon/", "El alcalde Kim de Bucheon"),
    ],
)
def test_the_demo_stands_in_further_languages_once_the_site_has_them(
    client, settings, path, said
):
    settings.LANGUAGES = [("en", "English")]
    call_command("load_demo", verbosity=0)
    demo = Campaign.objects.get(slug=SLUG)
    before = row_counts()
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("es", "Español")]
    call_command("load_demo", verbosity=0)
    once = row_counts()
    call_command("load_demo", verbosity=0)
    address.learn()

    page = client.get(path)
    letter = client.get(f"{path}letter/").text

    assert once != before
    assert row_counts() == once
    assert page.status_code == 200
    assert said in page.text
    assert "Why this visit matters" not in page.text
    assert demo.title not in page.text
    # The officials read English; beside it stands the reader's own language.
    assert "Thank you again for your efforts here.</p>" in letter
    assert 'id="letter-beside"' in letter


@with_volunteers
def test_a_volunteer_translates_all_of_it_with_a_press_for_each_part(demo):
    """How much it is: texts to fill in, words to read, presses (decision 61)."""
    from volunteers.parts import Translation

    asked = ask_volunteer(demo, "de")
    browser = Client(headers={"sec-fetch-site": "same-origin"})
    link = f"/translations/{asked.key}/"
    parts = Translation.of(asked).parts

    pressed = [browser.post(link)]
    for part in parts:
        page = f"{link}texts/{part.slug}/"
        typed = {pair.name: pair.source for pair in part.pairs}
        # What is typed is kept by itself; a press leads to the next part.
        assert browser.post(f"{page}kept/", typed).status_code == 200
        pressed.append(browser.get(page))
    done = browser.post(page, {**typed, "hand-in": ""}, follow=True)

    assert done.redirect_chain[-1][0] == f"{link}thanks/"
    translation = Translation.of(asked)
    assert translation.is_complete
    assert len(pressed) == 1 + len(parts) <= 4
    assert len(translation.pairs) <= 20
    assert translation.source_words <= 600
