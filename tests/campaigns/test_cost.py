"""How many statements an action page and its forms ask, with nothing in the cache."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safeguards.judging import judge
from supporters.models import Confirmation
from tests.answers import new_browser
from tests.factories import (
    ADA,
    hand_over,
    make_campaign,
    make_comment,
    make_counted,
    make_letter,
    make_petition,
    make_recipients,
    make_stance,
    make_update,
)
from tests.letters.makers import confirmed
from tests.letters.test_sending import HERE, form

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ada L.", "email": "ada@mail.example", "wants_news": "on"}


@pytest.fixture
def campaign():
    campaign = make_campaign(title="Stop it")
    make_letter(campaign)
    make_petition(campaign)
    judge(name="Ada")  # learns the names that nobody else may sign with
    return campaign


def fill(campaign, number):
    """As many of all that can stand on it, each with a name."""
    make_counted(campaign.petition, number, city=f"City {number}")
    officials = campaign.letter.recipient_list.recipients.all()
    for n in range(number):
        make_update(campaign, title=f"Update {n}")
        hand_over(campaign, who=f"Mayor {n}")
        campaign.readings.create(title=f"Reading {n}")
        make_comment(campaign, f"Comment {n}")
        make_stance(campaign.letter, officials[n % 3], source=f"Meeting {n}")


def statements(do):
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = do()
    assert answer.status_code in (200, 302)
    own = [q for q in queries if "SAVEPOINT" not in q["sql"]]  # BEGIN and COMMIT
    return answer, len(own)


def test_an_action_page_asks_twelve_statements_whatever_stands_on_it(campaign):
    fill(campaign, 1)
    new_browser().get("/campaign-1/")
    few, cost = statements(lambda: new_browser().get("/campaign-1/"))
    fill(campaign, 2)
    many, cost_of_more = statements(lambda: new_browser().get("/campaign-1/"))

    assert (cost, cost_of_more) == (12, 12)
    for page, number in ((few, 0), (many, 1)):
        for what in ("Update", "Mayor", "Reading", "Comment", "Meeting"):
            assert f"{what} {number}" in page.text


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
