"""A form is taken by what is so at that moment, whichever process has changed it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.db.models import Sum
from django.utils import timezone

from campaigns.models import Campaign
from petitions.models import Petition, Signature
from safeguards.counters import Hits
from supporters.models import Consent
from tests.answers import new_browser
from tests.factories import ADA, make_petition

pytestmark = pytest.mark.django_db
SIGN = "/campaign-1/signatures/"


@pytest.fixture
def petition():
    """One that somebody has just signed."""
    petition = make_petition()
    assert post("first@mail.example").status_code == 302
    return petition


def post(email="ada@mail.example", path=SIGN, **typed):
    return new_browser().post(path, {**ADA, "email": email, **typed})


NOW = timezone.now
ENDS = {
    "closed by hand": (lambda: Campaign.objects.update(closed_at=NOW()), 410),
    "closed by date": (lambda: Campaign.objects.update(closes_at=NOW()), 410),
    "paused": (lambda: Petition.objects.update(paused_at=NOW()), 409),
    "taken offline": (
        lambda: Campaign.objects.update(published_at=None, offline_at=NOW()),
        410,
    ),
    "a draft again": (lambda: Campaign.objects.update(published_at=None), 404),
    "deleted": (lambda: Campaign.objects.update(deleted_at=NOW()), 410),
    "at another address": (lambda: Campaign.objects.update(slug="moved"), 404),
}


@pytest.mark.parametrize("end", ENDS)
def test_from_that_moment_on_nothing_is_taken(petition, end):
    change, status = ENDS[end]
    change()

    assert post().status_code == status
    assert Signature.objects.count() == 1


def test_in_another_first_language_it_is_taken_as_before(petition):
    Campaign.objects.update(language="ko")

    assert post().url.startswith("/campaign-1/signatures/")


def test_a_page_that_refuses_says_what_is_so_now(petition):
    Petition.objects.update(paused_at=NOW())
    assert "Signing is paused" in post().text

    Petition.objects.update(paused_at=None)
    Campaign.objects.update(closed_at=NOW())

    page = post()
    assert "This petition has ended" in page.text
    assert "ada@mail.example" in page.text  # what was typed comes back


def test_who_comes_too_late_by_the_clock_comes_too_late(petition, time_machine):
    ends = NOW() + timedelta(seconds=5)
    Campaign.objects.update(closes_at=ends)
    assert post("second@mail.example").status_code == 302

    time_machine.move_to(ends)

    assert post().status_code == 410
    assert Signature.objects.count() == 2


def test_a_consent_has_the_words_that_the_page_has(petition):
    Petition.objects.update(ask="I ask for something else.")

    post()

    [first, second] = Consent.objects.order_by("pk")
    assert first.words.startswith("I ask the council to help.")
    assert second.words.startswith("I ask for something else.")


def test_an_ask_that_was_rolled_back_is_in_no_consent(petition):
    with transaction.atomic():
        Petition.objects.update(ask="I ask for nothing.")
        assert "I ask for nothing." in new_browser().get(SIGN).text
        transaction.set_rollback(True)

    post()

    assert not Consent.objects.filter(words__startswith="I ask for nothing.").exists()
    assert Consent.objects.count() == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"published_at": None}, {"published_at": NOW() - timedelta(days=1)}),
        ({"closed_at": NOW()}, {"closed_at": None}),
    ],
    ids=["published", "opened again"],
)
def test_what_opens_takes_signatures_at_once(petition, before, after):
    Campaign.objects.update(**before)
    assert new_browser().get(SIGN).status_code in (404, 410)
    assert post().status_code in (404, 410)

    Campaign.objects.update(**after)

    assert post().status_code == 302


def test_an_address_that_two_campaigns_had_leads_to_the_one_that_has_it(petition):
    Campaign.objects.update(slug="moved")
    other = make_petition(slug="campaign-1", ask="I ask for another thing.")

    assert post().status_code == 302

    newest = Signature.objects.latest("pk")
    assert newest.petition == other
    assert Consent.objects.latest("pk").words.startswith("I ask for another thing.")


def test_an_address_of_another_language_takes_it_in_that_language(petition):
    assert post(path=f"/ko{SIGN}").url.startswith(f"/ko{SIGN}")
    newest = Signature.objects.latest("pk")
    assert newest.confirmation.language == "ko"


def test_a_form_with_a_fault_comes_back_with_what_is_so_now(petition):
    Petition.objects.update(ask="I ask for something else.")

    page = post(email="ada@")

    assert page.status_code == 422
    assert "I ask for something else." in page.text


def test_a_post_after_a_change_is_counted_once(petition):
    def hits():
        return Hits.objects.aggregate(all=Sum("count"))["all"]

    before = hits()
    post("second@mail.example")
    cost = hits() - before
    Petition.objects.update(ask="I ask for something else.")

    post()

    assert hits() == before + 2 * cost > before


@pytest.mark.django_db(transaction=True)
def test_many_at_once_each_get_their_own():
    petition = make_petition()
    post("first@mail.example")

    def one(number):
        try:
            return post(f"p{number}@mail.example", name=f"Person {number}").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(12)))

    assert answers == [302] * 12
    names = petition.signatures.values_list("name", "confirmation__supporter__email")
    assert set(names) == {
        ("Ada Lovelace", "first@mail.example"),
        *((f"Person {n}", f"p{n}@mail.example") for n in range(12)),
    }
