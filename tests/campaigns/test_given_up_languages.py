"""Addresses lead on after the languages of the site have changed."""

import pytest
from django.core.cache import cache
from django.urls import clear_url_caches

from campaigns.models import FormerSlug, address
from petitions.models import Signature
from supporters.models import Follow
from tests.factories import (
    ADA,
    make_campaign,
    make_follow,
    make_petition,
    make_text,
    make_update,
)

pytestmark = pytest.mark.django_db
ENGLISH, KOREAN, GERMAN = ("en", "English"), ("ko", "한국어"), ("de", "Deutsch")


@pytest.fixture
def have(settings):
    """Lets the site have these languages from now on."""

    def change(*languages):
        settings.LANGUAGES = list(languages)
        settings.LANGUAGE_CODE = languages[0][0]
        clear_url_caches()  # which know the first language
        address.learn()
        cache.clear()

    change(ENGLISH, KOREAN)
    yield change
    clear_url_caches()


@pytest.fixture
def campaign(have):
    campaign = make_petition(make_campaign(slug="bucheon", title="Dogs")).campaign
    make_text(campaign, "ko", slug="sijang", title="시장")
    return campaign


def led(client, path):
    answer = client.get(path)
    assert answer.status_code == 301, path
    assert "max-age=31536000" not in answer["Cache-Control"]
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


@pytest.mark.parametrize("others", [[], [GERMAN]])
def test_a_language_that_is_given_up_leads_to_the_first_one(
    client, have, campaign, others
):
    update = make_update(campaign)
    FormerSlug.objects.create(campaign=campaign, slug="old", language="ko")
    have(ENGLISH, *others)

    for path, there in {
        "/ko/": "/",
        "/ko/privacy/": "/privacy/",
        "/ko/sijang/": "/bucheon/",
        "/ko/bucheon/": "/bucheon/",
        "/ko/old/": "/bucheon/",
        "/ko/sijang/signatures/?s=abc": "/bucheon/signatures/?s=abc",
        f"/ko/sijang/updates/{update.pk}/": f"/bucheon/updates/{update.pk}/",
        "/ko/sijang/updates/feed/": "/bucheon/updates/feed/",
    }.items():
        assert led(client, path) == there
    for path in ("/ko/nowhere/", "/ko/no/where/", "/ko/sijang/updates/999/"):
        assert client.get(path, follow=True).status_code == 404
    have(ENGLISH, KOREAN)
    assert client.get("/ko/sijang/").status_code == 200


def test_the_language_that_becomes_the_first_leads_to_addresses_without_it(
    client, have, campaign
):
    make_petition(make_campaign(slug="plain"))
    make_text(make_campaign(slug="uri"), "ko", slug="ours")
    have(KOREAN, ENGLISH)

    assert led(client, "/ko/") == "/"
    assert led(client, "/ko/privacy/?a=1") == "/privacy/?a=1"
    assert led(client, "/ko/sijang/") == "/sijang/"
    assert client.get("/plain/signatures/").status_code == 200
    assert client.get("/bucheon/", follow=True).status_code == 200
    have(ENGLISH, KOREAN)
    assert led(client, "/sijang/") == "/ko/sijang/"
    assert led(client, "/en/bucheon/") == "/bucheon/"


def test_a_draft_is_found_at_no_address_of_another_language(client, have):
    make_text(make_campaign(slug="secret", published_at=None), "ko", slug="bimil")
    have(KOREAN, ENGLISH)

    for path in ("/secret/", "/bimil/", "/de/secret/", "/de/bimil/"):
        assert client.get(path, follow=True).status_code == 404


@pytest.fixture(params=[[ENGLISH], [KOREAN, ENGLISH]])
def languages(request):
    return request.param


@pytest.mark.usefixtures("campaign")
def test_what_a_mail_links_to_still_works(client, have, mailbox, work, languages):
    client.post("/ko/sijang/signatures/", ADA)
    work()
    confirmation = mailbox.path_to("confirmation")
    assert confirmation.startswith("/ko/sijang/")
    have(*languages)

    assert client.get(confirmation, follow=True).status_code == 200
    client.post(confirmation)

    assert Signature.objects.get().counted


def test_one_click_in_an_old_mail_still_stops_mails(client, have, campaign, languages):
    follow = make_follow(campaign, language="ko")
    path = follow.stop_url.removeprefix("http://testserver")
    assert path.startswith("/ko/")
    have(*languages)

    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not Follow.objects.active().exists()
