"""How many statements an action page and its forms ask, with nothing in the cache."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branding import models as branding
from campaigns.models import address
from safeguards import limits
from safeguards.judging import judge
from supporters.models import Confirmation
from tests.answers import new_browser
from tests.factories import (
    ADA,
    hand_over,
    make_campaign,
    make_comment,
    make_counted,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_picture,
    make_recipients,
    make_stance,
    make_text,
    make_update,
    make_update_text,
)
from tests.letters.makers import confirmed
from tests.letters.test_sending import HERE, form

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ada L.", "email": "ada@mail.example", "wants_news": "on"}


# What everybody can read. An uncached page asks at most so many statements.
MOST = 16
PAGES = [
    "/",
    "/campaign-1/",
    "/campaign-1/count/",
    "/campaign-1/comments/",
    "/campaign-1/comments/newest/",
    "/campaign-1/comments/feed/",
    "/campaign-1/letter/",
    "/campaign-1/letter/recipients/",
    "/campaign-1/updates/",
    "/campaign-1/updates/feed/",
    "/api/campaigns/",
    "/api/petitions/",
    "/api/campaigns/campaign-1/comments/",
    "/api/campaigns/campaign-1/updates/",
    "/ko/",
    "/ko/sijang/",
    "/ko/sijang/letter/",
    "/ko/sijang/updates/",
]


@pytest.fixture
def campaign(media):
    campaign = make_campaign(title="Stop it")
    make_letter(campaign)
    make_petition(campaign)
    judge(name="Ada")  # learns the names that nobody else may sign with
    return campaign


def fill(campaign, numbers):
    """All that can stand on a page, once for each number, which its name tells."""
    petition, letter = campaign.petition, campaign.letter
    for n in numbers:
        make_counted(petition, email=f"p{n}@mail.example", city=f"City {n}")
        petition.elsewhere.create(place=f"Place {n}", number=n, seen_on="2026-01-01")
        update = make_update(campaign, title=f"Update {n}")
        make_update_text(update, title=f"Update {n}")
        hand_over(campaign, who=f"Mayor {n}")
        campaign.readings.create(title=f"Reading {n}", url="https://a.example")
        comment = make_comment(campaign, f"Comment {n}")
        make_comment(campaign, f"Reply {n}", comment)
        official = letter.recipient_list.recipients.create(
            office=f"Office {n}", email=f"office{n}@council.example", order=9 + n
        )
        make_stance(letter, official, "answered", source=f"Meeting {n}")
        letter.meetings.create(
            name=f"Council {n}",
            place="City Hall",
            timezone="America/Los_Angeles",
            starts_at=timezone.now() + timedelta(days=n),
        )
        campaign.story += f"<p>[picture {n}]</p>"
        campaign.story_pictures.create(number=n, **make_picture())
        other = make_campaign(slug=f"other-{n}", title=f"Other {n}")
        make_letter(other, recipients=letter.recipient_list)
        make_petition(other)
        make_text(other, slug=f"other-{n}", language="ko")
        make_ended_campaign(slug=f"ended-{n}", title=f"Ended {n}")
    campaign.save()


def statements(do):
    address.learn()  # what a process knows would be read anew by and by
    branding.learn()
    limits.know({})
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = do()
    assert answer.status_code in (200, 302)
    own = [q for q in queries if "SAVEPOINT" not in q["sql"]]  # BEGIN and COMMIT
    return answer, len(own)


def test_a_page_asks_as_many_statements_whatever_stands_on_it(campaign, subtests):
    def read(path):
        page, cost = statements(lambda: new_browser().get(path))
        return cost, len(page.content)

    make_text(campaign, "ko", slug="sijang")
    fill(campaign, range(1, 3))
    for path in PAGES:  # what a process learns for good is learnt before
        read(path)
    few = {path: read(path) for path in PAGES}
    fill(campaign, range(3, 10))

    for path in PAGES:
        with subtests.test(path):
            (cost, length), (cost_of_many, length_of_many) = few[path], read(path)
            assert cost_of_many == cost <= MOST
            assert length_of_many > length


@pytest.mark.parametrize(
    ("what", "path", "most"),
    [
        ("signature", "/campaign-1/signatures/", 7),
        ("letter", HERE, 11),
        ("comment", "/campaign-1/comments/", 7),
    ],
)
def test_a_form_asks_few_statements(campaign, what, path, most):
    texts = iter(["Please help.", "Please help us."])

    def post():
        typed = {
            "signature": lambda: ADA,
            "letter": lambda: form(campaign.letter),
            "comment": lambda: {**TYPED, "text": next(texts)},
        }
        return new_browser().post(path, typed[what]())

    post()
    _answer, cost = statements(post)

    assert cost == most


@pytest.mark.parametrize(
    ("kind", "path", "most"),
    [("signature", "/campaign-1/signatures/", 6), ("letter", HERE, 11)],
)
def test_a_confirmation_asks_few_statements(campaign, kind, path, most):
    def confirm(email):
        typed = ADA if kind == "signature" else form(campaign.letter)
        new_browser().post(path, {**typed, "email": email})
        asked = Confirmation.objects.filter(kind=kind).latest("pk")
        where = "signatures" if kind == "signature" else "letters"
        link = f"/campaign-1/{where}/{asked.link_key}/confirmation/"
        return statements(lambda: new_browser().post(link))[1]

    confirm("first@mail.example")

    assert confirm("ada@mail.example") == most


def test_a_receipt_asks_the_same_statements_for_one_office_and_for_eight(work):
    def read(number):
        officials = make_recipients(number, f"Council of {number}")
        suggested = make_letter(make_campaign(), recipients=officials)
        letter = confirmed(suggested, email=f"ada{number}@mail.example")
        work()
        page, cost = statements(lambda: new_browser().get(letter.done_url))
        return cost, page.text.count("Council Member, Ward ")

    read(2)
    (cost_of_one, one), (cost_of_eight, eight) = read(1), read(8)

    assert eight == 8 * one > 0
    assert cost_of_eight == cost_of_one
